package ai.irmb.internal.config;

import ai.irmb.error.ModelConfigException;
import ai.irmb.internal.config.Value.DoubleValue;
import ai.irmb.internal.config.Value.IntValue;
import ai.irmb.internal.config.Value.ListValue;
import java.util.ArrayList;
import java.util.List;

/** Reads anchors: a list per level of w, h, w, h, … in pixels. */
public final class AnchorValues {
  private static final int MAX_PIXELS = 65_536;

  private AnchorValues() {}

  /**
   * {@return the anchors of each level, the same number at every level}
   *
   * @param source name of the YAML in error messages
   * @throws ModelConfigException if the value is anything else
   */
  public static List<List<Double>> parse(Value value, String source) {
    List<List<Double>> levels = new ArrayList<>();
    for (Value level : items(value, source)) {
      List<Double> sizes = new ArrayList<>();
      for (Value size : items(level, source)) {
        sizes.add(pixels(size, source));
      }
      if (sizes.size() > 2 * ModelConfig.MAX_ANCHORS) {
        throw error(
            level,
            source,
            sizes.size() / 2
                + " anchors of a level are more than the limit of "
                + ModelConfig.MAX_ANCHORS);
      }
      if (sizes.isEmpty()
          || sizes.size() % 2 != 0
          || (!levels.isEmpty() && levels.get(0).size() != sizes.size())) {
        throw error(
            level, source, "expected pairs of width and height, the same number at every level");
      }
      levels.add(sizes);
    }
    if (levels.isEmpty()) {
      throw error(value, source, "expected a list per level, found none");
    }
    return levels;
  }

  private static double pixels(Value value, String source) {
    double size =
        value instanceof IntValue integer
            ? integer.value()
            : value instanceof DoubleValue real ? real.value() : 0;
    if (size > 0 && size <= MAX_PIXELS) {
      return size;
    }
    throw error(
        value,
        source,
        "expected a size in pixels above 0 and up to "
            + MAX_PIXELS
            + ", found "
            + value.describe());
  }

  private static List<Value> items(Value value, String source) {
    if (value instanceof ListValue items) {
      return items.values();
    }
    throw error(value, source, "expected a list, found " + value.describe());
  }

  private static ModelConfigException error(Value at, String source, String problem) {
    return new ModelConfigException(at.position().in(source) + ": anchors: " + problem);
  }
}
