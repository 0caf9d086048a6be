package ai.irmb.internal.config;

import ai.irmb.error.DatasetException;
import ai.irmb.error.ModelConfigException;
import ai.irmb.internal.limit.ClassNames;
import ai.irmb.internal.text.PathText;
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
import java.util.TreeSet;

/**
 * The contents of a dataset YAML. Immutable.
 *
 * @param source its name in error messages
 * @param root the folder that paths are relative to
 * @param splits folders and list files by split
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
   * {@return the dataset in a file; its {@code path} is relative to the folder of the file}
   *
   * @throws DatasetException if it cannot be read or is not a dataset YAML
   */
  public static DatasetConfig read(Path file, Limits limits) {
    if (Files.exists(file) && !Files.isRegularFile(file)) {
      throw new DatasetException(file + ": this is a folder, pipe or device, not a dataset YAML");
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
    if (!(value instanceof Value.MapValue mapping)) {
      throw new DatasetException(source + ": expected a mapping with names and the splits");
    }
    Path folder = file.toAbsolutePath().normalize().getParent();
    Path base = folder == null ? file.toAbsolutePath() : folder;
    Value path = mapping.entries().get("path");
    if (path instanceof Value.StringValue text) {
      base = resolve(source, "path", base, text);
    } else if (path != null && !(path instanceof Value.NullValue)) {
      throw error(source, "path", path, "a folder");
    }
    Map<String, List<Path>> splits = new LinkedHashMap<>();
    for (String split : List.of("train", "val", "test")) {
      Value named = mapping.entries().get(split);
      if (named != null && !(named instanceof Value.NullValue)) {
        splits.put(split, paths(source, split, named, base));
      }
    }
    return new DatasetConfig(source, base, splits, names(source, mapping, limits));
  }

  private static List<Path> paths(String source, String key, Value value, Path base) {
    List<Value> elements = value instanceof Value.ListValue items ? items.values() : List.of(value);
    List<Path> paths = new ArrayList<>();
    for (Value element : elements) {
      if (!(element instanceof Value.StringValue text)) {
        throw error(source, key, element, "a folder or a list file");
      }
      Path resolved = resolve(source, key, base, text);
      // Some exporters write ../train/images for train/images, and YOLOv5 reads it as such.
      paths.add(
          text.value().startsWith("../") && !Files.exists(resolved)
              ? PathText.resolve(base, text.value().substring("../".length()))
              : resolved);
    }
    return List.copyOf(paths);
  }

  private static Path resolve(String source, String key, Path base, Value.StringValue text) {
    try {
      return PathText.resolve(base, text.value());
    } catch (InvalidPathException e) {
      throw error(source, key, text, "a path");
    }
  }

  private static Map<Integer, String> names(String source, Value.MapValue mapping, Limits limits) {
    Value value = mapping.entries().get("names");
    TextPosition position = value == null ? TextPosition.NONE : value.position();
    ClassNames byClassId =
        new ClassNames(
            limits, problem -> new DatasetException(position.in(source) + ": names: " + problem));
    if (value instanceof Value.ListValue items) {
      items.values().forEach(name -> byClassId.add(name(source, name)));
    } else if (value instanceof Value.MapValue byId) {
      byId.entries().forEach((id, name) -> byClassId.put(id, name(source, name)));
    } else {
      throw value == null
          ? new DatasetException(source + ": names: missing; a list or mapping was expected")
          : error(source, "names", value, "a list or mapping");
    }
    Map<Integer, String> names = byClassId.byId();
    for (int id = 0; id < names.size(); id++) {
      if (!names.containsKey(id)) {
        throw error(source, "names", value, "every class from 0 to " + (names.size() - 1));
      }
    }
    Value nc = mapping.entries().get("nc");
    if (nc != null && !(nc instanceof Value.IntValue count && count.value() == names.size())) {
      throw error(source, "nc", nc, names.size() + ", the number of names");
    }
    return names;
  }

  private static String name(String source, Value value) {
    if (value instanceof Value.ListValue || value instanceof Value.MapValue) {
      throw error(source, "names", value, "text");
    }
    return String.valueOf(value.toPlainData());
  }

  private static DatasetException error(String source, String key, Value value, String expected) {
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
   * {@return the folders and list files of a split}
   *
   * @throws DatasetException if there is no such split; the message lists the existing ones
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
