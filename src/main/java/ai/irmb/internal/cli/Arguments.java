package ai.irmb.internal.cli;

import ai.irmb.internal.error.Suggestions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;

/**
 * Checks the names of commands and options before the values are parsed, so that a typing error is
 * reported as one, and not as what is missing because of it.
 */
final class Arguments {
  private Arguments() {}

  /**
   * {@return the arguments, in which underscores in the names of options are hyphens}
   *
   * @throws ParameterException if there is no such command or option
   */
  static String[] checked(CommandLine root, String... arguments) {
    List<String> checked = new ArrayList<>();
    CommandLine command = root;
    boolean isOption = true;
    for (int i = 0; i < arguments.length; i++) {
      String argument = arguments[i];
      if (!isOption || argument.length() < 2 || argument.charAt(0) != '-') {
        checked.add(argument);
        if (command == root) {
          command = command(root, argument);
        }
        continue;
      }
      if (argument.equals("--")) {
        isOption = false;
        checked.add(argument);
        continue;
      }
      int equals = argument.indexOf('=');
      String given = equals < 0 ? argument : argument.substring(0, equals);
      String name = given.startsWith("--") ? given.replace('_', '-') : given;
      OptionSpec option = option(command, name);
      if (option == null) {
        throw unknown(command, name);
      }
      checked.add(name + argument.substring(given.length()));
      boolean takesNext = equals < 0 && option.arity().min() > 0 && i + 1 < arguments.length;
      if (takesNext && option(command, arguments[i + 1]) == null) {
        checked.add(arguments[++i]);
      }
    }
    return checked.toArray(String[]::new);
  }

  private static CommandLine command(CommandLine root, String name) {
    Map<String, CommandLine> commands = root.getSubcommands();
    CommandLine command = commands.get(name);
    if (command == null) {
      throw new ParameterException(
          root,
          name
              + ": there is no such command"
              + Suggestions.didYouMean(name, commands.keySet())
              + "; the commands are "
              + String.join(", ", commands.keySet()));
    }
    return command;
  }

  private static @Nullable OptionSpec option(CommandLine command, String name) {
    OptionSpec option = command.getCommandSpec().findOption(name);
    boolean isCluster = name.matches("-[A-Za-z]{2,}");
    return option == null && isCluster && isCluster(command, name)
        ? command.getCommandSpec().findOption(name.charAt(1))
        : option;
  }

  /** {@return whether these are several options of one letter} */
  private static boolean isCluster(CommandLine command, String name) {
    return name.chars()
        .skip(1)
        .allMatch(
            c -> {
              OptionSpec option = command.getCommandSpec().findOption((char) c);
              return option != null && option.arity().max() == 0;
            });
  }

  private static ParameterException unknown(CommandLine command, String name) {
    String answer = UpstreamOptions.answer(name);
    if (answer != null) {
      return new ParameterException(command, name + ": not an option here: " + answer);
    }
    Set<String> names = command.getCommandSpec().optionsMap().keySet();
    String dashes = name.startsWith("--") ? name : "-" + name;
    return new ParameterException(
        command, name + ": there is no such option" + Suggestions.didYouMean(dashes, names));
  }
}
