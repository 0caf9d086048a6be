package ai.irmb.internal.image;

import java.util.Arrays;

/**
 * Along one axis: which source pixels an output pixel covers, and how much of it each gives.
 *
 * <p>Slivers of at most a thousandth of a pixel are left out, and the weights are not made to sum
 * to one, as OpenCV has it.
 */
final class AreaTaps {
  private static final double SLIVER = 1e-3;

  private final int[] firsts;
  private int[] sources;
  private float[] weights;
  private int count;

  AreaTaps(int sourceLength, int length, double scale) {
    this.firsts = new int[length + 1];
    this.sources = new int[sourceLength + 2 * length];
    this.weights = new float[sources.length];
    for (int index = 0; index < length; index++) {
      double begin = index * scale;
      double end = begin + scale;
      double cell = Math.min(scale, sourceLength - begin);
      int last = (int) Math.min(Math.floor(end), sourceLength - 1);
      int whole = Math.min((int) Math.ceil(begin), last);
      if (whole - begin > SLIVER) {
        add(whole - 1, (whole - begin) / cell);
      }
      for (int source = whole; source < last; source++) {
        add(source, 1.0 / cell);
      }
      if (end - last > SLIVER) {
        add(last, Math.min(Math.min(end - last, 1.0), cell) / cell);
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

  /** {@return the first tap of an output pixel; that of the next one is the end} */
  int first(int index) {
    return firsts[index];
  }

  int source(int tap) {
    return sources[tap];
  }

  float weight(int tap) {
    return weights[tap];
  }
}
