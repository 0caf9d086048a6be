package ai.irmb.internal.postprocess;

import ai.irmb.internal.head.HeadLayout;
import java.util.Arrays;

/**
 * The predictions of one level, in all images, whose objectness is above a threshold. Immutable.
 */
public final class LevelCandidates {
  private final float[] values;
  private final long[] indices;
  private final int height;
  private final int width;

  /**
   * Keeps the arrays.
   *
   * @param values (n, 5 + classes + masks): x, y, width, height, objectness and classes after the
   *     sigmoid, then mask coefficients without it
   * @param indices (n), ascending: indices into (anchors, images, height, width)
   * @param height of the level's map
   * @param width of the level's map
   */
  public LevelCandidates(float[] values, long[] indices, int height, int width) {
    this.values = values;
    this.indices = indices;
    this.height = height;
    this.width = width;
  }

  /** {@return the predictions of a raw map whose objectness is above a threshold} */
  static LevelCandidates select(LevelOutput output, HeadLayout layout, float threshold) {
    int cells = output.height() * output.width();
    int images = output.images(layout);
    int perAnchor = layout.valuesPerAnchor();
    float[] data = output.data();
    float[] values = new float[64 * perAnchor];
    long[] indices = new long[64];
    int count = 0;
    for (int anchor = 0; anchor < layout.anchors(); anchor++) {
      for (int image = 0; image < images; image++) {
        int start = (image * layout.anchors() + anchor) * perAnchor * cells;
        for (int cell = 0; cell < cells; cell++) {
          if (sigmoid(data[start + 4 * cells + cell]) > threshold) {
            if (count == indices.length) {
              indices = Arrays.copyOf(indices, Math.multiplyExact(2, count));
              values = Arrays.copyOf(values, Math.multiplyExact(indices.length, perAnchor));
            }
            indices[count] = ((long) anchor * images + image) * cells + cell;
            for (int k = 0; k < perAnchor; k++) {
              float raw = data[start + k * cells + cell];
              values[count * perAnchor + k] =
                  k < layout.probabilitiesPerAnchor() ? sigmoid(raw) : raw;
            }
            count++;
          }
        }
      }
    }
    return new LevelCandidates(
        Arrays.copyOf(values, count * perAnchor),
        Arrays.copyOf(indices, count),
        output.height(),
        output.width());
  }

  static float sigmoid(float x) {
    return (float) (1.0 / (1.0 + Math.exp(-x)));
  }

  float[] values() {
    return values;
  }

  int count() {
    return indices.length;
  }

  int cells() {
    return height * width;
  }

  int width() {
    return width;
  }

  int column(int candidate) {
    return (int) (indices[candidate] % width);
  }

  int row(int candidate) {
    return (int) (indices[candidate] / width % height);
  }

  int image(int candidate, int images) {
    return (int) (indices[candidate] / cells() % images);
  }

  int anchor(int candidate, int images) {
    return (int) (indices[candidate] / cells() / images);
  }
}
