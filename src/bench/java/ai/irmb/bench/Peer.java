package ai.irmb.bench;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;

/**
 * One network for two programs.
 *
 * @param name in the table
 * @param weights what the library reads
 * @param onnx what ONNX Runtime reads
 */
record Peer(String name, Path weights, Path onnx) {
  /**
   * {@return the networks of a folder that holds {@code NAME.onnx} and {@code NAME.safetensors},
   * gzipped or not}
   *
   * @param scratch where gzipped files are unpacked
   */
  static List<Peer> of(Path folder, Path scratch) throws IOException {
    List<Peer> peers = new ArrayList<>();
    try (Stream<Path> files = Files.list(folder)) {
      List<String> names =
          files
              .map(file -> String.valueOf(file.getFileName()))
              .filter(name -> name.matches(".*\\.onnx(\\.gz)?"))
              .map(name -> name.replaceAll("\\.onnx(\\.gz)?$", ""))
              .distinct()
              .sorted(Comparator.comparingInt(String::length))
              .toList();
      for (String name : names) {
        peers.add(
            new Peer(
                name,
                unpacked(folder, name + ".safetensors", scratch),
                unpacked(folder, name + ".onnx", scratch)));
      }
    }
    return peers;
  }

  static Path unpacked(Path folder, String name, Path scratch) throws IOException {
    Path plain = folder.resolve(name);
    if (Files.exists(plain)) {
      return plain;
    }
    Path target = scratch.resolve(name);
    try (InputStream in = new GZIPInputStream(Files.newInputStream(folder.resolve(name + ".gz")))) {
      Files.copy(in, target, StandardCopyOption.REPLACE_EXISTING);
    }
    return target;
  }
}
