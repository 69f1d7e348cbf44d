// Draws the rooms of the packages: each package a column, its rooms from top to bottom in the order in which they may be known.
// An arc at the right of a column leads from a room to one that it knows, higher up.

const WIDTH = 290;
const GAP = 96;
const ROOM = 46;
const STEP = 58;
const TOP = 92;
const LEFT = 28;

/** @param {import('./rooms.mjs').House[]} houses */
export function drawRooms(houses) {
  const floors = Math.max(...houses.map(({ rooms }) => rooms.length));
  const width = LEFT * 2 + houses.length * WIDTH + (houses.length - 1) * GAP + 60;
  const height = TOP + floors * STEP + 20;
  const columns = houses.map((house, index) => column(house, LEFT + index * (WIDTH + GAP)));
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img" aria-labelledby="title">
  <title id="title">The rooms of each package, and which of those above it each room knows</title>
  <style>
    text { font-family: system-ui, sans-serif; fill: #1f2328; }
    .package { font-size: 19px; font-weight: 600; }
    .room { font-size: 15px; font-weight: 600; }
    .holds { font-size: 11px; fill: #57606a; }
    rect { fill: #f6f8fa; stroke: #8c959f; }
    path { fill: none; stroke: #0969da; stroke-opacity: 0.55; stroke-width: 1.3; }
    .background { fill: #ffffff; stroke: none; }
  </style>
  <defs>
    <marker id="end" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="6" markerHeight="6" orient="auto">
      <path d="M0 0 L8 4 L0 8 z" style="fill: #0969da; stroke: none; fill-opacity: 0.7" />
    </marker>
  </defs>
  <rect class="background" width="${width}" height="${height}" />
${columns.join('\n')}
</svg>
`;
}

function column({ package: name, holds, rooms }, x) {
  const drawn =
    rooms.length === 0 ? [{ name: 'one room', holds: 'a file for each part of the contract', knows: {} }] : rooms;
  return [
    `  <text class="package" x="${x}" y="40">@eventcore/${name}</text>`,
    ...wrapped(holds, 48).map((line, at) => `  <text class="holds" x="${x}" y="${58 + at * 14}">${line}</text>`),
    ...drawn.flatMap((room, index) => drawnRoom(room, x, TOP + index * STEP)),
    ...arcs(rooms).map(({ from, to, start, end }) =>
      arc(x, TOP + from * STEP + start, TOP + to * STEP + end, from - to),
    ),
  ].join('\n');
}

/** All doors of a column. Each begins and ends at a place of its own on the room's side: the nearer ones towards each other. */
function arcs(rooms) {
  const floor = new Map(rooms.map(({ name }, index) => [name, index]));
  const doors = rooms.flatMap(({ knows }, from) => Object.keys(knows).map((known) => ({ from, to: floor.get(known) })));
  doors.sort((a, b) => a.from - a.to - (b.from - b.to));
  const place = (at, of) => 5 + ((ROOM - 10) * (at + 1)) / (of + 1);
  return doors.map((door) => {
    const sides = [
      ...doors.filter(({ from }) => from === door.from),
      ...doors.filter(({ to }) => to === door.from).reverse(),
    ];
    const there = [
      ...doors.filter(({ from }) => from === door.to),
      ...doors.filter(({ to }) => to === door.to).reverse(),
    ];
    return {
      ...door,
      start: place(sides.indexOf(door), sides.length),
      end: place(there.indexOf(door), there.length),
    };
  });
}

function drawnRoom({ name, holds }, x, y) {
  return [
    `  <rect x="${x}" y="${y}" width="${WIDTH}" height="${ROOM}" rx="6" />`,
    `  <text class="room" x="${x + 12}" y="${y + 19}">${name}</text>`,
    `  <text class="holds" x="${x + 12}" y="${y + 36}">${escaped(shortened(holds, 48))}</text>`,
  ];
}

/** The farther away, the wider it swings, so that arcs of different reach don't lie upon each other. */
function arc(x, start, end, floors) {
  const right = x + WIDTH;
  const reach = 12 + floors * 9;
  return `  <path d="M${right} ${start.toFixed(1)} C${right + reach} ${start.toFixed(1)}, ${right + reach} ${end.toFixed(1)}, ${right + 1} ${end.toFixed(1)}" marker-end="url(#end)" />`;
}

const escaped = (text) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
const shortened = (text, most) => (text.length <= most ? text : `${text.slice(0, most - 1).trimEnd()}…`);

function wrapped(text, most) {
  const lines = [''];
  for (const word of text.split(' ')) {
    if (lines.at(-1).length + word.length >= most) lines.push('');
    lines[lines.length - 1] = `${lines.at(-1)} ${word}`.trim();
  }
  return lines.map(escaped);
}
