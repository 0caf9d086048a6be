package ai.irmb.limit;

import static java.util.Objects.requireNonNull;

import java.io.Serializable;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;

/**
 * Bounds on what files from outside may contain. A file beyond one of them is refused with an error
 * that names the value, the limit and how to raise it. No file can raise a limit; an application
 * can:
 *
 * <pre>{@code
 * Limits limits = Limits.DEFAULTS.with(Limit.PIXELS, 200_000_000);
 * }</pre>
 *
 * @param changed the limits that differ from their defaults; copied
 */
public record Limits(Map<Limit, Long> changed) implements Serializable {
  /** Every limit at its default. */
  public static final Limits DEFAULTS = new Limits(Map.of());

  /**
   * @throws IllegalArgumentException if a value is out of its limit's range
   */
  public Limits {
    EnumMap<Limit, Long> copy = new EnumMap<>(Limit.class);
    changed.forEach(
        (limit, value) -> {
          if (value < 1 || value > limit.max()) {
            throw new IllegalArgumentException(
                limit.optionName() + ": expected 1 to " + limit.max() + ", found " + value);
          }
          if (value != limit.defaultValue()) {
            copy.put(limit, value);
          }
        });
    changed = Collections.unmodifiableMap(copy);
  }

  /** {@return the value of a limit} */
  public long get(Limit limit) {
    Long value = changed.get(requireNonNull(limit, "limit"));
    return value == null ? limit.defaultValue() : value;
  }

  /**
   * {@return the value of a limit as an {@code int}}
   *
   * @throws ArithmeticException if it is too large for one
   */
  public int getInt(Limit limit) {
    return Math.toIntExact(get(limit));
  }

  /**
   * {@return these limits with one of them set to a value}
   *
   * @throws IllegalArgumentException if the value is out of the limit's range
   */
  public Limits with(Limit limit, long value) {
    EnumMap<Limit, Long> map = new EnumMap<>(Limit.class);
    map.putAll(changed);
    map.put(requireNonNull(limit, "limit"), value);
    return new Limits(map);
  }
}
