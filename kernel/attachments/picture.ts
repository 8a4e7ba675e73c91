/** Pixels as a PDF holds them: 1, 3 or 4 bytes each, or one bit each (rows padded to bytes). */
export interface Pixels {
  width: number;
  height: number;
  channels: 1 | 3 | 4 | "bits";
  data: Uint8Array | Uint8ClampedArray;
}

export interface Picture {
  width: number;
  height: number;
  channels: 1 | 3 | 4;
  data: Uint8Array;
}

/**
 * Made smaller by a whole factor until no side is longer than `maxSide`, each pixel the mean of those it stands for: a
 * model sees no more in a larger one, and a page of one bit a pixel stays readable.
 */
export function shrink(pixels: Pixels, maxSide: number): Picture {
  const { width, height, data } = pixels;
  const channels = pixels.channels === "bits" ? 1 : pixels.channels;
  const step = Math.max(1, Math.ceil(Math.max(width, height) / maxSide));
  const out = { width: Math.ceil(width / step), height: Math.ceil(height / step) };
  const rowBytes = pixels.channels === "bits" ? (width + 7) >> 3 : width * channels;
  const sample = (x: number, y: number, channel: number): number => {
    if (pixels.channels !== "bits") return data[y * rowBytes + x * channels + channel] ?? 0;
    return ((data[y * rowBytes + (x >> 3)] ?? 0) >> (7 - (x & 7))) & 1 ? 255 : 0;
  };
  const made = new Uint8Array(out.width * out.height * channels);
  let at = 0;
  for (let y = 0; y < height; y += step) {
    const bottom = Math.min(y + step, height);
    for (let x = 0; x < width; x += step) {
      const right = Math.min(x + step, width);
      for (let channel = 0; channel < channels; channel++) {
        let sum = 0;
        for (let yy = y; yy < bottom; yy++) for (let xx = x; xx < right; xx++) sum += sample(xx, yy, channel);
        made[at++] = Math.round(sum / ((bottom - y) * (right - x)));
      }
    }
  }
  return { ...out, channels, data: made };
}
