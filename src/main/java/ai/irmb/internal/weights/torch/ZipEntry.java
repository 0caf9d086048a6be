package ai.irmb.internal.weights.torch;

/**
 * An entry of the zip's central directory. Sizes and offsets are in bytes.
 *
 * @param name in the archive, with folders
 * @param flags general purpose bits
 * @param method 0 stored, 8 deflated
 * @param crc CRC-32 of the content
 * @param compressedSize size of the compressed content
 * @param size of the content
 * @param headerOffset offset of the local header
 */
record ZipEntry(
    String name,
    int flags,
    int method,
    int crc,
    long compressedSize,
    long size,
    long headerOffset) {
  static final int STORED = 0;
  static final int DEFLATED = 8;

  /** Encrypted, patched, strongly encrypted, masked. */
  private static final int REFUSED_FLAGS = 1 | 1 << 5 | 1 << 6 | 1 << 13;

  private static final int HAS_DESCRIPTOR = 1 << 3;

  static boolean isRefused(int flags) {
    return (flags & REFUSED_FLAGS) != 0;
  }

  static boolean hasDescriptor(int flags) {
    return (flags & HAS_DESCRIPTOR) != 0;
  }
}
