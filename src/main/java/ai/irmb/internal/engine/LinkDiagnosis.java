package ai.irmb.internal.engine;

import ai.djl.util.Utils;
import ai.irmb.internal.platform.Platform;
import java.nio.file.Path;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Explains why the linker refused a native library. The messages are those of the linkers of glibc,
 * musl, macOS and Windows, and of the JVM.
 */
final class LinkDiagnosis {
  /** The folder of the library at the beginning of glibc's messages. */
  private static final Pattern FOLDER = Pattern.compile("(/[^:]{0,4000})/[^/:]{1,255}: ");

  private static final Pattern MISSING =
      Pattern.compile("([^/: ]{1,255}): cannot open shared object file: No such file");

  /**
   * A cause and its remedy.
   *
   * @param symptom what the message contains
   * @param advice the explanation, from the message
   */
  private record Rule(Pattern symptom, UnaryOperator<String> advice) {}

  /** In order: the first whose symptom the message has. */
  private static final List<Rule> RULES =
      List.of(
          rule(
              "already loaded in another classloader",
              "another class loader of this JVM has already loaded the natives (%s), and a JVM"
                  + " allows only one to do so; put the library and DJL where all applications"
                  + " share them, or restart the JVM after a redeployment"),
          rule(
              "Error loading shared library|Error relocating|musl",
              "the engine's natives need glibc and do not load on musl (Alpine) (%s); use an image"
                  + " with glibc, such as Debian's or Ubuntu's"),
          rule(
              "Cannot allocate memory|cannot allocate memory",
              "there is not enough memory to load the engine's natives (%s); raise the memory limit"
                  + " of the process or container"),
          rule(
              "failed to map segment|file system is mounted noexec",
              message ->
                  "the file system of "
                      + folder(message)
                      + " is mounted noexec, so that the engine's natives do not load from there ("
                      + message
                      + "); set the environment variable DJL_CACHE_DIR to a folder that permits"
                      + " execution"),
          rule(
              "wrong ELF class|ELF machine|Possible cause: (?:can't load|endianness)"
                  + "|incompatible architecture|not a valid Win32|unsupported relocation",
              message ->
                  "the engine's natives are for another processor than this JVM, which is "
                      + Platform.classifier()
                      + " ("
                      + message
                      + "); use a JVM and natives of the same architecture"),
          rule(
              "file too short|invalid ELF header|ELF load command|no loadable segments"
                  + "|cannot read file data",
              message ->
                  "a native library of the engine was cut short or is damaged ("
                      + message
                      + "); delete the folder "
                      + folder(message)
                      + ", from which it is unpacked again"),
          rule(
              "`GLIBC_|version GLIBC_",
              "the engine's natives need a newer C library than this system's (%s); use a newer"
                  + " system or image"),
          rule(
              "version `(?:GLIBCXX|CXXABI|GCC|G?OMP)_",
              "the engine's natives need a newer libstdc++, libgcc or libgomp than the one that was"
                  + " found (%s); update it, or use a newer system or image; if an application"
                  + " brings an older one in LD_LIBRARY_PATH, remove it from there"),
          rule(
              MISSING.pattern(),
              message ->
                  "the system lacks a library that the engine's natives need ("
                      + message
                      + "); install "
                      + packageOf(message)),
          rule(
              "dependent libraries|specified module could not be found",
              "the system lacks a library that the engine's natives need (%s); install the"
                  + " Microsoft Visual C++ Redistributable"),
          rule(
              "executable stack",
              "this system forbids the executable stack that the engine's natives ask for (%s); use"
                  + " a newer PyTorch, or clear the flag with execstack or patchelf"),
          rule(
              "(?i)permission denied|operation not permitted|access is denied",
              message ->
                  "this user may not read or execute the engine's natives in "
                      + folder(message)
                      + " ("
                      + message
                      + "); grant it, or set the environment variable DJL_CACHE_DIR to a folder of"
                      + " your own; on SELinux the policy may forbid it"));

  private LinkDiagnosis() {}

  private static Rule rule(String symptom, String advice) {
    return rule(symptom, message -> advice.replace("%s", message));
  }

  private static Rule rule(String symptom, UnaryOperator<String> advice) {
    return new Rule(Pattern.compile(symptom), advice);
  }

  /** {@return the cause and the remedy in one sentence} */
  static String explain(String message) {
    for (Rule rule : RULES) {
      if (rule.symptom().matcher(message).find()) {
        return rule.advice().apply(message);
      }
    }
    return "the engine's natives do not load on "
        + Platform.classifier()
        + " ("
        + message
        + "); "
        + EngineVersions.get().pairs();
  }

  private static Path folder(String message) {
    Matcher matcher = FOLDER.matcher(message);
    return matcher.lookingAt() ? Path.of(matcher.group(1)) : Utils.getEngineCacheDir("pytorch");
  }

  private static String packageOf(String message) {
    Matcher matcher = MISSING.matcher(message);
    String library = matcher.find() ? matcher.group(1) : "it";
    String stem = library.replaceFirst("\\.so.*", "");
    return switch (stem) {
      case "libstdc++" -> "libstdc++6 (Debian, Ubuntu) or libstdc++ (Fedora, Red Hat)";
      case "libgcc_s" -> "libgcc-s1 (Debian, Ubuntu) or libgcc (Fedora, Red Hat)";
      case "libgomp" -> "libgomp1 (Debian, Ubuntu) or libgomp (Fedora, Red Hat)";
      default -> "the package that contains " + library;
    };
  }
}
