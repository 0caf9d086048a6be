package ai.irmb.internal.config;

import ai.irmb.error.ModelConfigException;
import ai.irmb.internal.error.Quoting;
import ai.irmb.internal.file.FileErrors;
import ai.irmb.internal.file.FileNames;
import ai.irmb.internal.file.InputResource;
import ai.irmb.limit.Limit;
import ai.irmb.limit.Limits;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The contents of a model YAML. Immutable, safe for concurrent use.
 *
 * @param source its name in error messages
 * @param classes number of classes, {@code nc}
 * @param depthMultiple factor on repeats
 * @param widthMultiple factor on channels
 * @param channels of the image, {@code ch}
 * @param activation function of every {@code Conv}, as written; empty if missing
 * @param anchors in pixels, w, h, w, h, … per level; empty if the YAML has only their number
 * @param anchorsPerLevel number of anchors per level
 * @param bottleneck the kind of {@code Bottleneck}; empty if missing
 * @param layers backbone and head, in order
 * @param root the complete YAML
 */
public record ModelConfig(
    String source,
    int classes,
    double depthMultiple,
    double widthMultiple,
    int channels,
    Optional<String> activation,
    List<List<Double>> anchors,
    int anchorsPerLevel,
    Optional<BottleneckKind> bottleneck,
    List<LayerConfig> layers,
    Value.MapValue root) {
  /** The most anchors of a level; networks have 3, and each is a term of the generated program. */
  public static final int MAX_ANCHORS = 64;

  /** The folder of the configs that ship in the jar. */
  private static final String SHIPPED = "/ai/irmb/configs/";

  /** Copies the lists. */
  public ModelConfig {
    anchors = anchors.stream().map(List::copyOf).toList();
    layers = List.copyOf(layers);
  }

  /**
   * {@return the config in a file or, if there is no such file and the name has no folder, the
   * config of that name in the jar; after {@code classpath:}, a resource}
   *
   * @throws ModelConfigException if there is none, or it is not a model YAML
   */
  public static ModelConfig load(String nameOrPath, Limits limits) {
    if (InputResource.isOnClassPath(nameOrPath)) {
      return read(InputResource.onClassPath(nameOrPath), limits);
    }
    Path file;
    try {
      file = FileNames.path(nameOrPath);
    } catch (InvalidPathException e) {
      throw new ModelConfigException(
          Quoting.quote(nameOrPath) + ": not a valid path: " + e.getReason(), e);
    }
    if (Files.exists(file)) {
      return read(file, limits);
    }
    if (file.getParent() == null && nameOrPath.matches("[A-Za-z0-9_.-]+")) {
      try (InputStream in = ModelConfig.class.getResourceAsStream(SHIPPED + nameOrPath)) {
        if (in != null) {
          return parse(nameOrPath, in.readAllBytes(), limits);
        }
      } catch (IOException e) {
        throw new ModelConfigException(nameOrPath + ": cannot be read from the jar", e);
      }
    }
    throw new ModelConfigException(
        nameOrPath + ": there is no such file, and no config of that name in the jar");
  }

  /**
   * {@return the config in a resource}
   *
   * @throws ModelConfigException if it cannot be read or is not a model YAML
   */
  public static ModelConfig read(InputResource resource, Limits limits) {
    try (InputStream in = resource.opener().open()) {
      return parse(resource.name(), in.readNBytes(limits.getInt(Limit.YAML_BYTES) + 1), limits);
    } catch (IOException e) {
      throw new ModelConfigException(resource.name() + ": " + FileErrors.reason(e), e);
    }
  }

  /**
   * {@return the config in a file}
   *
   * @throws ModelConfigException if it cannot be read or is not a model YAML
   */
  public static ModelConfig read(Path file, Limits limits) {
    String name = String.valueOf(file.getFileName());
    if (Files.exists(file) && !Files.isRegularFile(file)) {
      throw new ModelConfigException(file + ": this is a folder, pipe or device, not a model YAML");
    }
    try (InputStream in = Files.newInputStream(file)) {
      return parse(name, in.readNBytes(limits.getInt(Limit.YAML_BYTES) + 1), limits);
    } catch (IOException e) {
      throw new ModelConfigException(file + ": cannot be read: " + e.getMessage(), e);
    }
  }

  /**
   * {@return the config in this text}
   *
   * @param source its name in error messages
   * @param yaml in UTF-8
   * @throws ModelConfigException if it is not a model YAML
   */
  public static ModelConfig parse(String source, byte[] yaml, Limits limits) {
    return new ModelConfigBuilder(source, limits).build(YamlReader.read(source, yaml, limits));
  }

  /**
   * {@return the config from plain data, as a checkpoint contains it}
   *
   * @param source its name in error messages
   * @throws ModelConfigException if it is not a model YAML
   */
  public static ModelConfig of(String source, Map<String, @Nullable Object> plain, Limits limits) {
    Value value;
    try {
      value = Value.ofPlainData(plain, limits.getInt(Limit.YAML_DEPTH));
    } catch (IllegalArgumentException e) {
      throw new ModelConfigException(source + ": the model's YAML: " + e.getMessage(), e);
    }
    return new ModelConfigBuilder(source, limits).build(value);
  }

  /**
   * {@return the channels after width scaling: the smallest multiple of 8 that is not below c ·
   * width}
   */
  public int scaleChannels(long c) {
    return Math.toIntExact((long) (Math.ceil(c * widthMultiple / 8) * 8));
  }
}
