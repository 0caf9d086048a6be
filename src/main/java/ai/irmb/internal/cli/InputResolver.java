package ai.irmb.internal.cli;

import ai.irmb.internal.error.Quoting;
import ai.irmb.internal.file.FileNames;
import ai.irmb.internal.image.ImageEndings;
import ai.irmb.video.Video;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.FileVisitor;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Resolves the inputs of the command line to images and videos: files, folders, patterns such as
 * {@code "*.jpg"} or {@code "**}{@code /*.png"}, cameras, and lists of these with one per line. Not
 * safe for concurrent use.
 */
final class InputResolver {
  private static final int MAX_ADDRESS = 80;
  private static final int MAX_EXTENSIONS = 10;
  private static final Pattern WILD = Pattern.compile("[*?\\[{]");

  /** A file that has no output name yet. */
  private record ResolvedFile(String given, Path file, String path) {}

  private final boolean recursive;
  private final List<Path> excluded;
  private final BiConsumer<String, Exception> failures;
  private final List<ResolvedFile> files = new ArrayList<>();
  private final Map<String, Integer> others = new TreeMap<>();

  /**
   * @param recursive whether to search subfolders
   * @param excluded folders whose images are outputs
   * @param failures receives the name and the failure of each input that cannot be resolved
   */
  InputResolver(boolean recursive, List<Path> excluded, BiConsumer<String, Exception> failures) {
    this.recursive = recursive;
    this.excluded = excluded.stream().map(each -> each.toAbsolutePath().normalize()).toList();
    this.failures = failures;
  }

  /** Adds the files of an argument. */
  void add(String argument) {
    add(argument, null);
  }

  /**
   * @param list the list that contains the argument, or null
   */
  private void add(String argument, @Nullable Path list) {
    try {
      if (argument.startsWith("@")) {
        addList(argument, argument.substring(1), list);
        return;
      }
      if (argument.equals(Input.STANDARD_INPUT)) {
        files.add(new ResolvedFile(argument, Path.of("stdin"), "stdin"));
        return;
      }
      if (Video.isStream(argument)) {
        if (list != null) {
          throw new FileSystemException(
              argument, null, "a list cannot hold network addresses; name them as INPUT");
        }
        addNamed(argument, address(argument));
        return;
      }
      String camera = argument.matches("[0-9]{1,3}") && !exists(argument) ? "camera:" : "";
      if (Video.isCamera(camera + argument)) {
        addNamed(camera + argument, (camera + argument).replace(':', '-'));
        return;
      }
      Path path = resolve(argument, list);
      if (path == null) {
        addMatches(argument);
      } else if (Files.isDirectory(path)) {
        addFolder(path);
      } else if (argument.toLowerCase(Locale.ROOT).endsWith(".txt")) {
        addList(argument, argument, list);
      } else {
        files.add(
            new ResolvedFile(Quoting.escape(FileNames.text(path)), path, FileNames.lastName(path)));
      }
    } catch (IOException | IllegalArgumentException e) {
      failures.accept(Quoting.escape(argument), e);
    }
  }

  /** Adds an input that is no file, with the name of its outputs. */
  private void addNamed(String given, String name) {
    files.add(new ResolvedFile(Quoting.escape(given), Path.of(name), name));
  }

  /** {@return the address as a file name, without user, password and query} */
  private static String address(String address) {
    String plain =
        address
            .replaceFirst("^[^/]*//", "")
            .replaceFirst("^[^/@]*@", "")
            .replaceFirst("[?#].*", "")
            .replaceAll("[^A-Za-z0-9._-]", "_");
    return plain.substring(Math.max(0, plain.length() - MAX_ADDRESS)).replaceFirst("^[.]*", "_");
  }

  /** {@return the path, or null for a pattern} */
  private static @Nullable Path resolve(String argument, @Nullable Path list) {
    if (WILD.matcher(argument).find() && !exists(argument)) {
      return null;
    }
    Path path = FileNames.path(argument);
    Path folder = list == null ? null : list.getParent();
    if (folder != null && !Files.exists(path) && Files.exists(folder.resolve(path))) {
      return folder.resolve(path);
    }
    return path;
  }

  private static boolean exists(String argument) {
    try {
      return Files.exists(FileNames.path(argument));
    } catch (InvalidPathException e) {
      return false;
    }
  }

  private void addList(String given, String name, @Nullable Path within) throws IOException {
    if (within != null) {
      throw new FileSystemException(given, null, "a list cannot hold another list");
    }
    Path list = FileNames.path(name);
    try (BufferedReader lines = open(list)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (!line.isBlank() && !line.startsWith("#")) {
          add(line.strip(), list);
        }
      }
    } catch (CharacterCodingException notUtf8) {
      throw new FileSystemException(name, null, "expected a list of images in UTF-8, one a line");
    }
  }

  private static BufferedReader open(Path list) throws IOException {
    if (!list.toString().equals(Input.STANDARD_INPUT)) {
      return Files.newBufferedReader(list, StandardCharsets.UTF_8);
    }
    CharsetDecoder strict = StandardCharsets.UTF_8.newDecoder();
    return new BufferedReader(new InputStreamReader(System.in, strict));
  }

  private void addFolder(Path folder) throws IOException {
    walk(folder, recursive ? Integer.MAX_VALUE : 1, InputResolver::isImage);
  }

  /**
   * {@return whether it is an image by its name; one that cannot be read is an error, not skipped}
   */
  private static boolean isImage(Path file) {
    return ImageEndings.READABLE.matches(file) || ImageEndings.UNREADABLE.matches(file);
  }

  private void addMatches(String pattern) throws IOException {
    String slashed = pattern.replace(File.separatorChar, '/');
    Matcher wild = WILD.matcher(slashed);
    int end = wild.find() ? slashed.lastIndexOf('/', wild.start()) : -1;
    Path base =
        FileNames.path(slashed.substring(0, Math.max(end, slashed.startsWith("/") ? 1 : 0)));
    String rest = slashed.substring(end + 1);
    PathMatcher matcher = base.getFileSystem().getPathMatcher("glob:" + rest);
    int before = files.size();
    if (Files.isDirectory(base)) {
      boolean deep = rest.contains("/") || rest.contains("**");
      walk(
          base,
          deep ? Integer.MAX_VALUE : 1,
          file -> isImage(file) && matcher.matches(base.relativize(file)));
    }
    if (files.size() == before) {
      throw new FileSystemException(pattern, null, "no image matches");
    }
  }

  private void walk(Path folder, int depth, Predicate<Path> filter) throws IOException {
    List<Path> files = new ArrayList<>();
    FileVisitor<Path> visitor =
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path dir, BasicFileAttributes attributes) {
            return !dir.equals(folder) && excluded.contains(dir.toAbsolutePath().normalize())
                ? FileVisitResult.SKIP_SUBTREE
                : FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            // Reading a pipe would block. A broken link is reported when it is read.
            if (!attributes.isDirectory() && !attributes.isOther()) {
              if (filter.test(file)) {
                files.add(file);
              } else {
                others.merge(extension(file), 1, Integer::sum);
              }
            }
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path file, IOException e) {
            if (!(e instanceof FileSystemLoopException)) {
              failures.accept(Quoting.escape(FileNames.text(file)), e);
            }
            return FileVisitResult.CONTINUE;
          }
        };
    Files.walkFileTree(folder, EnumSet.of(FileVisitOption.FOLLOW_LINKS), depth, visitor);
    files.sort(Comparator.naturalOrder());
    for (Path file : files) {
      String path = FileNames.text(folder.relativize(file));
      this.files.add(
          new ResolvedFile(Quoting.escape(FileNames.text(file)), file, path.replace('\\', '/')));
    }
  }

  private static String extension(Path file) {
    String name = String.valueOf(file.getFileName());
    int dot = name.lastIndexOf('.');
    return dot < 1 ? "without an extension" : name.substring(dot).toLowerCase(Locale.ROOT);
  }

  /** {@return the number of files that are no inputs, by extension: {@code 3 .txt, 1 .md}} */
  String others() {
    return others.isEmpty()
        ? "nothing"
        : others.entrySet().stream()
            .limit(MAX_EXTENSIONS)
            .map(e -> e.getValue() + " " + Quoting.escapeName(e.getKey()))
            .collect(Collectors.joining(", "));
  }

  /** {@return all inputs, in order, each with a unique name} */
  List<Input> inputs() {
    Map<String, Integer> stems = new HashMap<>();
    Map<String, Integer> paths = new HashMap<>();
    for (ResolvedFile each : files) {
      stems.merge(key(stem(each.path())), 1, Integer::sum);
      paths.merge(key(each.path()), 1, Integer::sum);
    }
    Set<String> taken = new HashSet<>();
    Map<String, Integer> numbers = new HashMap<>();
    List<Input> inputs = new ArrayList<>();
    for (ResolvedFile each : files) {
      String stem = stem(each.path());
      // a.bmp and a.png keep their extensions; a second a.png gets a number.
      boolean keepsExtension =
          stems.getOrDefault(key(stem), 0) > 1 && paths.getOrDefault(key(each.path()), 0) == 1;
      String name = keepsExtension ? each.path() : stem;
      while (!taken.add(key(name))) {
        name = stem + "-" + numbers.merge(key(stem), 2, (used, two) -> used + 1);
      }
      inputs.add(new Input(each.given(), each.file(), name, 0));
    }
    return inputs;
  }

  /** {@return the name in lower case, because many file systems ignore case} */
  private static String key(String name) {
    return name.toLowerCase(Locale.ROOT);
  }

  private static String stem(String path) {
    int dot = path.lastIndexOf('.');
    return dot > path.lastIndexOf('/') + 1 ? path.substring(0, dot) : path;
  }
}
