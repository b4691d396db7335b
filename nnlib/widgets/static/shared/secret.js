// What nnlib/questions/secret.py has hidden from a glance at the page's source. It is no encryption.
//
//   reveal(text, salt)    the data

const hashed = (bytes) => bytes.reduce((h, byte) => Math.imul(h ^ byte, 0x01000193), 0x811c9dc5) >>> 0 || 1;

export function reveal(text, salt) {
  let seed = hashed([...new TextEncoder().encode(salt)]);
  const bytes = Uint8Array.from(atob(text), (c) => {
    seed ^= seed << 13;
    seed ^= seed >>> 17;
    seed ^= seed << 5;
    return c.charCodeAt(0) ^ (seed >>> 24);
  });
  return JSON.parse(new TextDecoder().decode(bytes));
}
