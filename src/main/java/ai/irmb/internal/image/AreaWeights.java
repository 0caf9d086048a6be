package ai.irmb.internal.image;

import java.util.Arrays;

/**
 * The source pixels that each output pixel covers along one axis, with their weights.
 *
 * <p>As in OpenCV, a covered length of at most a thousandth of a pixel is ignored, and the weights
 * are not normalized to a sum of 1.
 */
final class AreaWeights {
  private static final double SLIVER = 1e-3;

  private final int[] firsts;
  private int[] sources;
  private float[] weights;
  private int count;

  AreaWeights(int sourceLength, int length, double scale) {
    this.firsts = new int[length + 1];
    this.sources = new int[sourceLength + 2 * length];
    this.weights = new float[sources.length];
    for (int index = 0; index < length; index++) {
      double begin = index * scale;
      double end = begin + scale;
      double coveredLength = Math.min(scale, sourceLength - begin);
      int last = (int) Math.min(Math.floor(end), sourceLength - 1);
      int firstFull = Math.min((int) Math.ceil(begin), last);
      if (firstFull - begin > SLIVER) {
        add(firstFull - 1, (firstFull - begin) / coveredLength);
      }
      for (int source = firstFull; source < last; source++) {
        add(source, 1.0 / coveredLength);
      }
      if (end - last > SLIVER) {
        add(last, Math.min(Math.min(end - last, 1.0), coveredLength) / coveredLength);
      }
      firsts[index + 1] = count;
    }
  }

  private void add(int source, double weight) {
    if (count == sources.length) {
      sources = Arrays.copyOf(sources, 2 * count);
      weights = Arrays.copyOf(weights, 2 * count);
    }
    sources[count] = source;
    weights[count++] = (float) weight;
  }

  /**
   * {@return the index of the first entry of an output pixel; the first of the next pixel is the
   * end}
   */
  int firstEntry(int index) {
    return firsts[index];
  }

  int source(int entry) {
    return sources[entry];
  }

  float weight(int entry) {
    return weights[entry];
  }
}
