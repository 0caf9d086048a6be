package ai.irmb.internal.config;

import ai.irmb.error.DatasetException;
import ai.irmb.error.ModelConfigException;
import ai.irmb.limit.Limit;
import ai.irmb.limit.Limits;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What the YAML of a YOLO data set says. Immutable.
 *
 * @param source what to call it in a message
 * @param root the folder that its paths are relative to
 * @param splits folders and list files of each split that the file names
 * @param names the class names by class id
 */
public record DatasetConfig(
    String source, Path root, Map<String, List<Path>> splits, Map<Integer, String> names) {
  /** Copies the maps. */
  public DatasetConfig {
    splits = Map.copyOf(splits);
    names = Map.copyOf(names);
  }

  /**
   * {@return the data set in a file; its {@code path} is relative to the file's own folder}
   *
   * @throws DatasetException if it cannot be read or is not such a YAML
   */
  public static DatasetConfig read(Path file, Limits limits) {
    if (Files.exists(file) && !Files.isRegularFile(file)) {
      throw new DatasetException(
          file + ": this is a folder, pipe or device, not a data set's YAML");
    }
    byte[] bytes;
    try (InputStream in = Files.newInputStream(file)) {
      bytes = in.readNBytes(limits.getInt(Limit.YAML_BYTES) + 1);
    } catch (NoSuchFileException e) {
      throw new DatasetException(file + ": there is no such file", e);
    } catch (IOException e) {
      throw new DatasetException(file + ": cannot be read: " + e, e);
    }
    String source = file.toString();
    Value value;
    try {
      value = YamlReader.read(source, bytes, limits);
    } catch (ModelConfigException e) {
      throw new DatasetException(String.valueOf(e.getMessage()), e);
    }
    if (!(value instanceof Value.MapValue table)) {
      throw new DatasetException(source + ": expected a mapping with names and the splits");
    }
    Path folder = file.toAbsolutePath().normalize().getParent();
    Path base = folder == null ? file.toAbsolutePath() : folder;
    Value path = table.entries().get("path");
    if (path instanceof Value.StringValue text) {
      base = resolve(source, "path", base, text);
    } else if (path != null && !(path instanceof Value.NullValue)) {
      throw wrong(source, "path", path, "a folder");
    }
    Map<String, List<Path>> splits = new LinkedHashMap<>();
    for (String split : List.of("train", "val", "test")) {
      Value named = table.entries().get(split);
      if (named != null && !(named instanceof Value.NullValue)) {
        splits.put(split, paths(source, split, named, base));
      }
    }
    return new DatasetConfig(source, base, splits, names(source, table));
  }

  private static List<Path> paths(String source, String key, Value value, Path base) {
    List<Value> all = value instanceof Value.ListValue items ? items.values() : List.of(value);
    List<Path> paths = new ArrayList<>();
    for (Value each : all) {
      if (!(each instanceof Value.StringValue text)) {
        throw wrong(source, key, each, "a folder or a list file");
      }
      Path as = resolve(source, key, base, text);
      // Some exporters write ../train/images for train/images, and upstream reads it so.
      paths.add(
          text.value().startsWith("../") && !Files.exists(as)
              ? base.resolve(text.value().substring("../".length())).normalize()
              : as);
    }
    return List.copyOf(paths);
  }

  private static Path resolve(String source, String key, Path base, Value.StringValue text) {
    try {
      return base.resolve(text.value()).normalize();
    } catch (InvalidPathException e) {
      throw wrong(source, key, text, "a path");
    }
  }

  private static Map<Integer, String> names(String source, Value.MapValue table) {
    Value value = table.entries().get("names");
    Map<Integer, String> names = new TreeMap<>();
    if (value instanceof Value.ListValue items) {
      for (Value each : items.values()) {
        names.put(names.size(), String.valueOf(each.toPlainData()));
      }
    } else if (value instanceof Value.MapValue byId) {
      byId.entries()
          .forEach(
              (id, name) -> {
                if (!id.matches("[0-9]{1,5}")) {
                  throw wrong(source, "names", name, "class numbers as keys, not " + id);
                }
                names.put(Integer.parseInt(id), String.valueOf(name.toPlainData()));
              });
    } else {
      throw value == null
          ? new DatasetException(source + ": names: missing; a list or mapping was expected")
          : wrong(source, "names", value, "a list or mapping");
    }
    for (int id = 0; id < names.size(); id++) {
      if (!names.containsKey(id)) {
        throw wrong(source, "names", value, "classes 0 to " + (names.size() - 1) + ", all of them");
      }
    }
    Value nc = table.entries().get("nc");
    if (nc != null && !(nc instanceof Value.IntValue count && count.value() == names.size())) {
      throw wrong(source, "nc", nc, names.size() + ", the number of names");
    }
    return names;
  }

  private static DatasetException wrong(String source, String key, Value value, String expected) {
    return new DatasetException(
        value.position().in(source)
            + ": "
            + key
            + ": expected "
            + expected
            + ", found "
            + value.describe());
  }

  /**
   * {@return the folders and lists of a split}
   *
   * @throws DatasetException if there is no such split, with those that there are
   */
  public List<Path> split(String name) {
    List<Path> paths = splits.get(name);
    if (paths == null) {
      throw new DatasetException(
          source + ": there is no split " + name + "; it has " + new TreeSet<>(splits.keySet()));
    }
    return paths;
  }
}
