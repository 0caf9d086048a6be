package ai.irmb.internal.execution;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Letterboxed images of equal size.
 *
 * @param pixels (N, H, W, 3), R G B, 0 to 255, from index 0; direct
 * @param count number of images, N
 * @param height H
 * @param width W
 */
public record Batch(ByteBuffer pixels, int count, int height, int width) {
  private static final int CHANNELS = 3;

  /**
   * {@return the images in order, in batches that are views of these pixels}
   *
   * @param maxImages per batch, at least 1
   */
  List<Batch> split(int maxImages) {
    List<Batch> parts = new ArrayList<>();
    for (int from = 0; from < count; from += maxImages) {
      parts.add(slice(from, Math.min(maxImages, count - from)));
    }
    return parts;
  }

  /** {@return some images in order, as a view of these pixels} */
  Batch slice(int from, int size) {
    int each = CHANNELS * height * width;
    return new Batch(pixels.slice(from * each, size * each), size, height, width);
  }
}
