package ai.irmb;

import ai.irmb.error.InferenceException;
import java.nio.ByteBuffer;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Direct buffers for letterboxed images, kept since making one is dear. Safe for concurrent use.
 */
final class PixelBuffers {
  private static final int MOST = 4;

  private final ConcurrentLinkedQueue<ByteBuffer> free = new ConcurrentLinkedQueue<>();

  /** {@return a buffer of at least this size, the caller's until it is given back} */
  ByteBuffer borrow(int bytes) {
    ByteBuffer buffer = free.poll();
    if (buffer != null && buffer.capacity() >= bytes) {
      return buffer;
    }
    try {
      return ByteBuffer.allocateDirect(bytes);
    } catch (OutOfMemoryError e) {
      throw new InferenceException(
          "not enough direct memory for a batch of " + bytes + " bytes", e);
    }
  }

  void giveBack(ByteBuffer buffer) {
    if (free.size() < MOST) {
      free.add(buffer);
    }
  }
}
