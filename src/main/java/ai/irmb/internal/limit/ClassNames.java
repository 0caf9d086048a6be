package ai.irmb.internal.limit;

import ai.irmb.internal.error.Quoting;
import ai.irmb.limit.Limit;
import ai.irmb.limit.Limits;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;

/**
 * Collects the class names in a file by class id: each id once, ids and names within the limits.
 * Not safe for concurrent use.
 */
public final class ClassNames {
  private static final int MAX_DIGITS = 9;

  private final Limits limits;
  private final Function<String, RuntimeException> error;
  private final Map<Integer, String> names = new LinkedHashMap<>();
  private long totalLength;

  /**
   * @param error creates the reader's exception from a problem such as {@code the class id 0 occurs
   *     twice}
   */
  public ClassNames(Limits limits, Function<String, RuntimeException> error) {
    this.limits = limits;
    this.error = error;
  }

  /** Adds the name of the next class of a list. */
  public void add(String name) {
    put(names.size(), name);
  }

  /**
   * Adds a name.
   *
   * @param id the class id as text, without leading zeros: {@code 00} would be the same class as 0
   */
  public void put(String id, String name) {
    boolean isNumber =
        !id.isEmpty()
            && id.length() <= MAX_DIGITS
            && id.chars().allMatch(c -> c >= '0' && c <= '9');
    if (!isNumber) {
      throw outOfRange(Quoting.quote(id));
    }
    if (id.length() > 1 && id.startsWith("0")) {
      throw error.apply(
          "expected class ids without leading zeros, found "
              + Quoting.quote(id)
              + ", which is the same class as "
              + Integer.parseInt(id));
    }
    put(Integer.parseInt(id), name);
  }

  /** Adds a name. */
  public void put(long id, String name) {
    if (id < 0 || id >= limits.getInt(Limit.CLASSES)) {
      throw outOfRange(String.valueOf(id));
    }
    if (name.length() > limits.getInt(Limit.CLASS_NAME_LENGTH)) {
      throw tooLong("the name of class " + id + " has " + name.length(), Limit.CLASS_NAME_LENGTH);
    }
    totalLength += name.length();
    if (totalLength > limits.get(Limit.CLASS_NAMES_LENGTH)) {
      throw tooLong("the names together have " + totalLength, Limit.CLASS_NAMES_LENGTH);
    }
    if (names.put((int) id, name) != null) {
      throw error.apply("the class id " + id + " occurs twice");
    }
  }

  private RuntimeException outOfRange(String id) {
    return error.apply(
        "expected class ids from 0 to "
            + (limits.getInt(Limit.CLASSES) - 1)
            + ", found "
            + id
            + "; for larger ones "
            + LimitMessages.remedy(Limit.CLASSES));
  }

  private RuntimeException tooLong(String length, Limit limit) {
    return error.apply(length + " characters, more than " + LimitMessages.limit(limits, limit));
  }

  /** {@return the names by class id, in the order in which they were added} */
  public Map<Integer, String> byId() {
    return names;
  }
}
