// Seeded random numbers. nnlib/widgets/data.py has the same ones in Python, number for number.
//
//   random(seed, stream)      a function that gives a uniform number in [0, 1); the streams of a seed are independent
//   normal(uniform)           one standard normal number
//   shuffle(list, uniform)    puts the list into a random order

// Mulberry32: 32 bits of state, uniform numbers in [0, 1).
export function random(seed, stream = 0) {
  let state = (Math.imul(seed, 0x9e3779b9) + Math.imul(stream, 0x85ebca6b)) >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

// One standard normal number from two uniform ones (Box and Muller).
export function normal(uniform) {
  const radius = Math.sqrt(-2 * Math.log(1 - uniform()));
  return radius * Math.cos(2 * Math.PI * uniform());
}

// Puts a list into a random order (Fisher and Yates).
export function shuffle(list, uniform) {
  for (let n = list.length - 1; n > 0; n--) {
    const other = Math.floor(uniform() * (n + 1));
    [list[n], list[other]] = [list[other], list[n]];
  }
  return list;
}
