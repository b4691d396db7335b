// The network playground as most pages show it, without the controls that network.js adds, and so half as large.

import { createPlayground } from "./playground.js";

export default createPlayground({});
