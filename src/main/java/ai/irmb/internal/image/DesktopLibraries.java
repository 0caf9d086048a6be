package ai.irmb.internal.image;

import java.util.Locale;

/**
 * Explains failures of the JDK's module java.desktop, whose native libraries need packages that
 * slim containers lack. Does not need the module itself.
 */
public final class DesktopLibraries {
  private DesktopLibraries() {}

  /**
   * {@return what this Java cannot do, why, and the remedy}
   *
   * @param task for example {@code read JPEG}
   */
  public static String explain(String task, Throwable failure) {
    String reason = reason(failure);
    return "this Java cannot " + task + " (" + reason + "); " + remedy(reason);
  }

  /** {@return the words of the first failure; later ones only say that it happened before} */
  private static String reason(Throwable failure) {
    Throwable deepest = failure;
    for (int i = 0; deepest.getCause() != null && i < 10; i++) {
      deepest = deepest.getCause();
    }
    String message = String.valueOf(deepest.getMessage()).lines().findFirst().orElse("");
    return message.isEmpty() ? deepest.getClass().getName() : message;
  }

  private static String remedy(String reason) {
    String text = reason.toLowerCase(Locale.ROOT);
    if (text.contains("jpeg")) {
      return "install the JPEG library that it needs, libjpeg62-turbo on Debian, libjpeg-turbo on"
          + " Ubuntu and Fedora, or use a Java that brings its own, such as Eclipse Temurin";
    }
    if (text.contains("font") || text.contains("freetype")) {
      return "install fontconfig and a font, for example the packages fontconfig and"
          + " fonts-dejavu-core on Debian and Ubuntu";
    }
    if (text.startsWith("java/awt") || text.startsWith("javax/imageio") || isClass(text)) {
      return "add the module java.desktop to this Java run-time";
    }
    return "use a complete Java run-time";
  }

  private static boolean isClass(String text) {
    return text.startsWith("java.awt") || text.startsWith("javax.imageio");
  }
}
