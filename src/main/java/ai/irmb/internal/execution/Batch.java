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
    int each = CHANNELS * height * width;
    List<Batch> parts = new ArrayList<>();
    for (int from = 0; from < count; from += maxImages) {
      int size = Math.min(maxImages, count - from);
      parts.add(new Batch(pixels.slice(from * each, size * each), size, height, width));
    }
    return parts;
  }
}
