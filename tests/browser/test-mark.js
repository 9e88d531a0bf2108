// SPDX-License-Identifier: GPL-3.0-or-later
//
// The mark that Alcove's test pictures bear, drawn and read in a page. The
// layout is that of src/media/alcove-test-mark.c: 12 by 4 black and white
// cells, each a 32nd of the width and an 18th of the height, one cell from the
// upper left corner; row by row and highest bit first: 8 bits of a fixed pattern, 8 of
// the picture's number, 24 of the frame's, 8 of a checksum.

const COLUMNS = 12;
const ROWS = 4;
const BITS = COLUMNS * ROWS;
const SPAN_X = 32;
const SPAN_Y = 18;
const SYNC_BITS = 8;
const SYNC_PATTERN = 0xb2;
const CHECK_POLYNOMIAL = 0x07;
const MIN_CONTRAST = 64;

function checkByte(picture, counter) {
  let check = 0xff;
  for (const byte of [picture, counter >> 16 & 0xff, counter >> 8 & 0xff, counter & 0xff]) {
    check ^= byte;
    for (let bit = 0; bit < 8; bit++)
      check = (check & 0x80) !== 0 ? (check << 1 ^ CHECK_POLYNOMIAL) & 0xff : check << 1 & 0xff;
  }
  return check;
}

function cell(index, width, height) {
  const column = index % COLUMNS + 1;
  const row = Math.floor(index / COLUMNS) + 1;
  return {
    left: Math.floor(width * column / SPAN_X),
    right: Math.floor(width * (column + 1) / SPAN_X),
    top: Math.floor(height * row / SPAN_Y),
    bottom: Math.floor(height * (row + 1) / SPAN_Y),
  };
}

function byteBits(byte) {
  return Array.from({ length: 8 }, (_, i) => byte >> 7 - i & 1);
}

/** Draws the mark of frame `counter` of picture `picture` on a 2D canvas context. */
export function drawMark(context, width, height, picture, counter) {
  counter &= 0xffffff;
  const bits = [SYNC_PATTERN, picture & 0xff, counter >> 16 & 0xff, counter >> 8 & 0xff,
    counter & 0xff, checkByte(picture & 0xff, counter)].flatMap(byteBits);
  bits.forEach((bit, index) => {
    const { left, right, top, bottom } = cell(index, width, height);
    context.fillStyle = bit ? '#fff' : '#000';
    context.fillRect(left, top, right - left, bottom - top);
  });
}

/** Reads a mark out of an ImageData: `{picture, counter}`, or null where there is none. */
export function readMark({ data, width, height }) {
  const levels = [];
  for (let index = 0; index < BITS; index++) {
    const { left, right, top, bottom } = cell(index, width, height);
    const marginX = Math.floor((right - left) / 3);
    const marginY = Math.floor((bottom - top) / 3);
    let sum = 0;
    let count = 0;
    for (let y = top + marginY; y < bottom - marginY; y++) {
      for (let x = left + marginX; x < right - marginX; x++) {
        sum += data[(y * width + x) * 4 + 1];
        count++;
      }
    }
    levels.push(count > 0 ? sum / count : 0);
  }

  const sync = byteBits(SYNC_PATTERN);
  const mean = (bit) => levels.slice(0, SYNC_BITS).filter((_, i) => sync[i] === bit)
    .reduce((sum, level) => sum + level, 0) / (SYNC_BITS / 2);
  const white = mean(1);
  const black = mean(0);
  if (white - black < MIN_CONTRAST)
    return null;

  const threshold = (white + black) / 2;
  const bytes = [];
  for (let i = 0; i < BITS; i += 8)
    bytes.push(levels.slice(i, i + 8).reduce((byte, level) => byte << 1 | (level > threshold), 0));
  const [pattern, picture, high, middle, low, check] = bytes;
  const counter = high << 16 | middle << 8 | low;
  if (pattern !== SYNC_PATTERN || check !== checkByte(picture, counter))
    return null;
  return { picture, counter };
}
