package ai.irmb.internal.cli;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.OverwrittenOptionException;
import picocli.CommandLine.ParameterException;

/**
 * Says what is wrong with an argument in the form of all other messages: option, expected, found.
 */
final class UsageMessages {
  private UsageMessages() {}

  static String message(ParameterException e) {
    String message = String.valueOf(e.getMessage());
    if (e instanceof MissingParameterException missing) {
      String names =
          missing.getMissing().stream().map(UsageMessages::name).collect(Collectors.joining(", "));
      boolean hasNoValue = message.contains("required parameter for option");
      return names + (hasNoValue ? ": a value is missing" : ": required");
    }
    if (e instanceof OverwrittenOptionException repeated) {
      return name(repeated.getOverwritten()) + ": given more than once";
    }
    ArgSpec argument = e.getArgSpec();
    if (argument == null) {
      return message.startsWith("Missing required subcommand")
          ? "COMMAND: required, such as detect"
          : message;
    }
    String found = e.getValue();
    return found == null
        ? name(argument) + ": " + reason(e)
        : name(argument) + ": expected " + expected(argument, e) + ", found " + found;
  }

  private static String name(ArgSpec argument) {
    return argument instanceof OptionSpec option ? option.names()[0] : argument.paramLabel();
  }

  private static String expected(ArgSpec argument, ParameterException e) {
    Class<?> type = argument.isMultiValue() ? argument.auxiliaryTypes()[0] : argument.type();
    if (type == int.class || type == Integer.class) {
      return "an integer";
    }
    if (type == double.class || type == Double.class) {
      return "a number";
    }
    if (type.isEnum()) {
      return Arrays.stream(type.getEnumConstants())
          .map(constant -> constant.toString().toLowerCase(Locale.ROOT))
          .collect(Collectors.joining(", "));
    }
    return "another value (" + reason(e) + ")";
  }

  private static String reason(ParameterException e) {
    Throwable cause = e.getCause() == null ? e : e.getCause();
    return String.valueOf(cause.getMessage());
  }
}
