package ai.irmb;

import ai.irmb.error.InferenceException;
import java.nio.ByteBuffer;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * A pool of direct buffers for letterboxed images; allocating one is expensive. Safe for concurrent
 * use.
 */
final class PixelBufferPool {
  private static final int MAX_FREE = 4;

  private final ConcurrentLinkedQueue<ByteBuffer> free = new ConcurrentLinkedQueue<>();

  /** {@return a buffer of at least this size, the caller's until it is released} */
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

  void release(ByteBuffer buffer) {
    if (free.size() < MAX_FREE) {
      free.add(buffer);
    }
  }
}
