'use strict';

/** The colors of the library's own drawings: the palette of Okabe and Ito, then hues of the golden ratio. */
const PALETTE = [0x56b4e9, 0xe69f00, 0x00b080, 0xcc79a7, 0xf0e442, 0x0072b2, 0xd55e00];

function rgb(classId) {
  if (classId < PALETTE.length) return [16, 8, 0].map((shift) => (PALETTE[classId] >> shift) & 255);
  const i = classId - PALETTE.length;
  const hue = (i * 0.618034) % 1;
  const saturation = [0.55, 0.85, 0.7][i % 3];
  const value = [0.95, 0.65, 0.8][i % 3];
  return [5, 3, 1].map((n) => {
    const k = (n + hue * 6) % 6;
    return Math.round(255 * value * (1 - saturation * Math.max(0, Math.min(k, 4 - k, 1))));
  });
}

const color = (classId) => `rgb(${rgb(classId).join(' ')})`;

/** Black or white, whichever contrasts more, by WCAG's relative luminance. */
function textColor(classId) {
  const [r, g, b] = rgb(classId).map((c) => (c <= 10 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4));
  const luminance = 0.2126 * r + 0.7152 * g + 0.0722 * b;
  return 1.05 / (luminance + 0.05) > (luminance + 0.05) / 0.05 ? '#fff' : '#000';
}
