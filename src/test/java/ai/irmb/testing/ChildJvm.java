package ai.irmb.testing;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/**
 * A JVM of its own with this build's class path, in an empty home, an empty temporary and an empty
 * current folder, watched for processes that it starts. Not safe for concurrent use.
 */
public final class ChildJvm {
  private static final int WAITING = 6;

  private final Path folder;
  private final List<String> prefix = new ArrayList<>();
  private final List<String> options = new ArrayList<>();
  private final Map<String, String> environment = new LinkedHashMap<>();
  private String classPath = System.getProperty("java.class.path");
  private long seconds = 60;
  private Duration worked = Duration.ZERO;

  /**
   * @param folder where its folders and what it prints lie
   */
  public ChildJvm(Path folder) {
    this.folder = folder;
    // The engine unpacks its natives into a cache below the home unless it is told where.
    environment.put("DJL_CACHE_DIR", cache().toString());
  }

  /**
   * How the JVM ended.
   *
   * @param code exit code, or -1 if it was ended since it took too long
   * @param children command lines of the processes that were seen below it
   * @param written files in its three folders that were not there before
   * @param worked time of the processor, as last seen
   */
  public record Result(
      int code, String out, String err, Set<String> children, Set<Path> written, Duration worked) {}

  /** {@return where this machine keeps the engine's natives} */
  public static Path cache() {
    String set = System.getenv("DJL_CACHE_DIR");
    return set == null ? Path.of(System.getProperty("user.home"), ".djl.ai") : Path.of(set);
  }

  /** {@return the start of a command line that runs this JVM, without warnings of its own} */
  public static List<String> java() {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    // As the manifest of irmb.jar does.
    return Runtime.version().feature() < 24
        ? List.of(java)
        : List.of(java, "--enable-native-access=ALL-UNNAMED");
  }

  /** Puts a command before {@code java}. */
  public ChildJvm prefix(String... command) {
    prefix.addAll(Arrays.asList(command));
    return this;
  }

  /** Adds options of the JVM. */
  public ChildJvm options(String... more) {
    options.addAll(Arrays.asList(more));
    return this;
  }

  /** Sets a variable of its environment. */
  public ChildJvm environment(String name, String value) {
    environment.put(name, value);
    return this;
  }

  /** Leaves parts of the class path out. */
  public ChildJvm without(Predicate<String> part) {
    List<String> kept = new ArrayList<>();
    for (String entry : classPath.split(File.pathSeparator, -1)) {
      if (!part.test(entry)) {
        kept.add(entry);
      }
    }
    classPath = String.join(File.pathSeparator, kept);
    return this;
  }

  /**
   * Ends it after so many seconds of the processor, or six times as many by the clock: how long it
   * waits for its turn says nothing about it.
   */
  public ChildJvm within(long most) {
    seconds = most;
    return this;
  }

  /** {@return how a run of this class's {@code main} ended} */
  public Result run(Class<?> main, String... arguments) throws IOException, InterruptedException {
    Path home = Files.createDirectories(folder.resolve("home"));
    Path temporary = Files.createDirectories(folder.resolve("tmp"));
    Path current = Files.createDirectories(folder.resolve("current"));
    Set<Path> before = files(home, temporary, current);
    List<String> command = new ArrayList<>(prefix);
    command.addAll(java());
    command.addAll(options);
    command.add("-Duser.home=" + home.toAbsolutePath());
    command.add("-Djava.io.tmpdir=" + temporary.toAbsolutePath());
    command.addAll(List.of("-cp", absolute(classPath), main.getName()));
    command.addAll(Arrays.asList(arguments));
    Path out = folder.resolve("out.txt");
    Path err = folder.resolve("err.txt");
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(current.toFile())
            .redirectOutput(out.toFile())
            .redirectError(err.toFile());
    builder.environment().putAll(environment);
    Process process = builder.start();
    Set<String> children = new TreeSet<>();
    int code = waitFor(process, children);
    Set<Path> written = files(home, temporary, current);
    written.removeAll(before);
    return new Result(code, text(out), text(err), children, written, worked);
  }

  private int waitFor(Process process, Set<String> children) throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(WAITING * seconds);
    Duration most = Duration.ofSeconds(seconds);
    boolean isJava = prefix.isEmpty();
    while (!process.waitFor(5, TimeUnit.MILLISECONDS)) {
      if (isJava) {
        process.descendants().forEach(p -> children.add(p.info().command().orElse("?")));
      }
      worked = process.info().totalCpuDuration().orElse(worked);
      if (System.nanoTime() > end || worked.compareTo(most) > 0) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly().waitFor();
        return -1;
      }
    }
    return process.exitValue();
  }

  private static String absolute(String classPath) {
    List<String> parts = new ArrayList<>();
    for (String part : classPath.split(File.pathSeparator, -1)) {
      parts.add(Path.of(part).toAbsolutePath().toString());
    }
    return String.join(File.pathSeparator, parts);
  }

  private static Set<Path> files(Path... folders) throws IOException {
    Set<Path> files = new TreeSet<>();
    for (Path each : folders) {
      try (var walk = Files.walk(each)) {
        walk.filter(Files::isRegularFile).forEach(files::add);
      }
    }
    return files;
  }

  private static String text(Path file) throws IOException {
    return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
  }
}
