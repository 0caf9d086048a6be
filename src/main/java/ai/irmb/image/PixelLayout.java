package ai.irmb.image;

/** The order of a picture's bytes. */
public enum PixelLayout {
  /** (height, width, 3): R, G, B of a pixel side by side. */
  HWC,
  /** (3, height, width): all of R, then G, then B, as a network reads it. */
  CHW
}
