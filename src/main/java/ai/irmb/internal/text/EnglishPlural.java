package ai.irmb.internal.text;

import java.util.Locale;
import java.util.Map;

/** English plurals of class names. */
public final class EnglishPlural {
  private static final Map<String, String> IRREGULAR =
      Map.of("knife", "knives", "mouse", "mice", "sheep", "sheep", "fish", "fish");

  private EnglishPlural() {}

  /**
   * {@return the plural of a name: by rule, with the exceptions among COCO's classes}
   *
   * <p>A name that does not end with a Latin letter stays as it is, and so does one whose {@code s}
   * is a plural's already, such as {@code Platelets}. After a capital a plain {@code s} follows.
   */
  public static String of(String name) {
    int word = name.lastIndexOf(' ') + 1;
    String irregular = IRREGULAR.get(name.substring(word));
    if (irregular != null) {
      return name.substring(0, word) + irregular;
    }
    if (name.matches("(?s).*[A-Z]")) {
      return name + "s";
    }
    String end = name.toLowerCase(Locale.ROOT);
    if (end.matches("(?s).*(ss|us|x|z|ch|sh)")) {
      return name + "es";
    }
    if (end.matches("(?s).*[b-df-hj-np-tv-z]y")) {
      return name.substring(0, name.length() - 1) + "ies";
    }
    return end.matches("(?s).*[a-rt-z]") ? name + "s" : name;
  }
}
