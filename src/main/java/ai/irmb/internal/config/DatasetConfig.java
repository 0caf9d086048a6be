package ai.irmb.internal.config;

import ai.irmb.error.DatasetException;
import ai.irmb.error.ModelConfigException;
import ai.irmb.internal.limit.ClassNames;
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
import org.jspecify.annotations.Nullable;

/**
 * The contents of a dataset YAML. Immutable.
 *
 * @param source its name in error messages
 * @param splits folders and list files by split
 * @param names the class names by class id
 * @param missing a sentence for each split that names a file or folder that does not exist
 * @param warnings a sentence for each value that contradicts another and is ignored
 */
public record DatasetConfig(
    String source,
    Map<String, List<Path>> splits,
    Map<Integer, String> names,
    Map<String, String> missing,
    List<String> warnings) {
  /** Copies the maps and the list. */
  public DatasetConfig {
    splits = Map.copyOf(splits);
    names = Map.copyOf(names);
    missing = Map.copyOf(missing);
    warnings = List.copyOf(warnings);
  }

  /**
   * {@return the dataset in a file; {@link DatasetPaths} finds what it names}
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
    DatasetPaths paths = paths(source, file, mapping.entries().get("path"));
    Map<String, List<Path>> splits = new LinkedHashMap<>();
    Map<String, String> missing = new LinkedHashMap<>();
    for (String split : List.of("train", "val", "test")) {
      Value named = mapping.entries().get(split);
      if (named != null && !(named instanceof Value.NullValue)) {
        splits.put(split, paths(source, split, named, paths, missing));
      }
    }
    Map<Integer, String> names = names(source, mapping, limits);
    return new DatasetConfig(source, splits, names, missing, warnings(source, mapping, names));
  }

  private static DatasetPaths paths(String source, Path file, @Nullable Value path) {
    if (path == null || path instanceof Value.NullValue) {
      return DatasetPaths.of(file, "");
    }
    try {
      if (path instanceof Value.StringValue text) {
        return DatasetPaths.of(file, text.value());
      }
    } catch (InvalidPathException e) {
      throw error(source, "path", path, "a folder");
    }
    throw error(source, "path", path, "a folder");
  }

  private static List<Path> paths(
      String source, String split, Value value, DatasetPaths paths, Map<String, String> missing) {
    List<Value> elements = value instanceof Value.ListValue items ? items.values() : List.of(value);
    List<Path> chosen = new ArrayList<>();
    for (Value element : elements) {
      if (!(element instanceof Value.StringValue text)) {
        throw error(source, split, element, "a folder or a list file");
      }
      Path path;
      try {
        path = DatasetPaths.choose(paths.places(text.value()));
      } catch (InvalidPathException e) {
        throw error(source, split, text, "a path");
      }
      chosen.add(path);
      if (!Files.exists(path)) {
        missing.putIfAbsent(
            split, text.position().in(source) + ": " + split + ": " + paths.missing(text.value()));
      }
    }
    return List.copyOf(chosen);
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
    return names;
  }

  private static String name(String source, Value value) {
    if (value instanceof Value.ListValue || value instanceof Value.MapValue) {
      throw error(source, "names", value, "text");
    }
    return String.valueOf(value.toPlainData());
  }

  private static List<String> warnings(
      String source, Value.MapValue mapping, Map<Integer, String> names) {
    Value nc = mapping.entries().get("nc");
    if (nc == null || nc instanceof Value.NullValue) {
      return List.of();
    }
    return nc instanceof Value.IntValue count && count.value() == names.size()
        ? List.of()
        : List.of(
            nc.position().in(source)
                + ": nc: expected "
                + names.size()
                + ", the number of names, found "
                + nc.describe()
                + "; the names count");
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
   * {@return the folders and list files of a split, which exist}
   *
   * @throws DatasetException if there is no such split or file; the message lists the existing
   *     splits, or all places where the file was sought
   */
  public List<Path> split(String name) {
    List<Path> paths = splits.get(name);
    if (paths == null) {
      throw new DatasetException(
          source + ": there is no split " + name + "; it has " + new TreeSet<>(splits.keySet()));
    }
    String sentence = missing.get(name);
    if (sentence != null) {
      throw new DatasetException(sentence);
    }
    return paths;
  }
}
