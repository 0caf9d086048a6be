package ai.irmb.internal.image;

import java.util.Arrays;

/** The bits of a JPEG's coefficients that its scans contain. Not safe for concurrent use. */
final class JpegCoefficients {
  /** Of a block of 8 x 8 samples. */
  private static final int COUNT = 64;

  private final byte[] componentIds;
  private final boolean isProgressive;

  /** (component, coefficient): the number of low bits that no scan has contained yet. */
  private final int[][] missingBits;

  JpegCoefficients(byte[] componentIds, boolean isProgressive) {
    this.componentIds = componentIds;
    this.isProgressive = isProgressive;
    this.missingBits = new int[componentIds.length][COUNT];
    for (int[] component : missingBits) {
      Arrays.fill(component, Integer.MAX_VALUE);
    }
  }

  /**
   * Adds the bits of a scan.
   *
   * @param header the number of the scan's components, two bytes for each of them, then the first
   *     coefficient, the last one, and the number of low bits that are left to later scans; these
   *     three have a meaning in a progressive JPEG only
   */
  void addScan(byte[] header) {
    int count = header.length == 0 ? 0 : header[0] & 0xFF;
    if (header.length < 4 + 2 * count) {
      return; // The decoder refuses it.
    }
    int first = isProgressive ? header[1 + 2 * count] & 0xFF : 0;
    int last = isProgressive ? header[2 + 2 * count] & 0xFF : COUNT - 1;
    int bits = isProgressive ? header[3 + 2 * count] & 15 : 0;
    for (int i = 0; i < count; i++) {
      for (int c = 0; c < componentIds.length; c++) {
        if (componentIds[c] == header[1 + 2 * i] && first <= last && last < COUNT) {
          Arrays.fill(missingBits[c], first, last + 1, bits);
        }
      }
    }
  }

  /** {@return whether all bits of all coefficients have been in a scan} */
  boolean areComplete() {
    return Arrays.stream(missingBits).flatMapToInt(Arrays::stream).allMatch(bits -> bits == 0);
  }
}
