package ai.irmb.internal.engine;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * The folders in which Linux searches for libraries, from {@code /etc/ld.so.conf}. JNA, with which
 * DJL searches for CUDA, would start the process {@code ldconfig} to get them; the library starts
 * no processes (docs/decisions/native-library-path.md).
 */
final class NativeLibraryPath {
  /** Bounds the nesting of include directives, so that a file that includes itself ends. */
  private static final int MAX_DEPTH = 8;

  private NativeLibraryPath() {}

  /**
   * {@return the folders that exist: those of the linker's configuration, then its built-in ones}
   *
   * @param root the root of the file system
   */
  static List<String> of(Path root) {
    Set<String> folders = new LinkedHashSet<>();
    read(root, root.resolve("etc/ld.so.conf"), folders, 0);
    for (String system : new String[] {"usr/lib64", "lib64", "usr/lib", "lib"}) {
      folders.add("/" + system);
    }
    List<String> present = new ArrayList<>();
    for (String folder : folders) {
      if (folder.indexOf(':') < 0 && Files.isDirectory(root.resolve(folder.substring(1)))) {
        present.add(folder);
      }
    }
    return present;
  }

  private static void read(Path root, Path file, Set<String> folders, int depth) {
    if (depth > MAX_DEPTH || !Files.isReadable(file)) {
      return;
    }
    try {
      for (String line : Files.readAllLines(file, StandardCharsets.ISO_8859_1)) {
        int comment = line.indexOf('#');
        String entry = (comment < 0 ? line : line.substring(0, comment)).strip();
        if (entry.startsWith("include ")) {
          String pattern = entry.substring("include ".length()).strip();
          for (Path included : matching(root, file, pattern)) {
            read(root, included, folders, depth + 1);
          }
        } else if (entry.startsWith("/")) {
          folders.add(entry);
        }
      }
    } catch (IOException | DirectoryIteratorException e) {
      // As ldconfig does, skip what cannot be read.
      return;
    }
  }

  private static Set<Path> matching(Path root, Path file, String pattern) throws IOException {
    Path target =
        pattern.startsWith("/") ? root.resolve(pattern.substring(1)) : file.resolveSibling(pattern);
    Path folder = target.getParent();
    Set<Path> matches = new TreeSet<>();
    if (folder == null || !Files.isDirectory(folder)) {
      return matches;
    }
    try (DirectoryStream<Path> files =
        Files.newDirectoryStream(folder, String.valueOf(target.getFileName()))) {
      files.forEach(matches::add);
    }
    return matches;
  }
}
