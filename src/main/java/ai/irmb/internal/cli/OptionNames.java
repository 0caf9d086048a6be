package ai.irmb.internal.cli;

import java.util.Locale;
import java.util.Map;
import picocli.CommandLine.Model.CommandSpec;

/**
 * The command line's names of options: those of upstream's {@code detect.py} and {@code val.py} or,
 * if these do not have the option, the Java name with hyphens.
 */
final class OptionNames {
  private static final Map<String, String> UPSTREAM =
      Map.of(
          "confidenceThreshold", "--conf-thres",
          "iouThreshold", "--iou-thres",
          "labelConfidence", "--save-conf",
          "classAgnostic", "--agnostic-nms",
          "maxDetections", "--max-det");

  private OptionNames() {}

  /** {@return the name on the command line of an option in Java} */
  static String of(String javaName) {
    String name = UPSTREAM.get(javaName);
    return name != null
        ? name
        : "--" + javaName.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
  }

  /** {@return the exception, with the option's name if the message has one of the command's} */
  static Exception inMessage(Exception e, CommandSpec command) {
    String message = String.valueOf(e.getMessage());
    String name = message.substring(0, Math.max(0, message.indexOf(':')));
    return e instanceof IllegalArgumentException problem
            && name.matches("[a-zA-Z]+")
            && command.findOption(of(name)) != null
        ? inMessage(problem)
        : e;
  }

  /** {@return the exception, with the option's name on the command line if the message has one} */
  static IllegalArgumentException inMessage(IllegalArgumentException e) {
    String message = String.valueOf(e.getMessage());
    int colon = message.indexOf(':');
    return colon > 0 && message.substring(0, colon).matches("[a-zA-Z]+")
        ? new IllegalArgumentException(
            of(message.substring(0, colon)) + message.substring(colon), e)
        : e;
  }
}
