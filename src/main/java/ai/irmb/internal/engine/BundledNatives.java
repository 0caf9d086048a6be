package ai.irmb.internal.engine;

import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;

/** The jars of natives on a class path, and the folders that DJL unpacks them into. */
final class BundledNatives {
  static final String ENGINE = "pytorch-engine.properties";
  static final String NATIVES = "native/lib/pytorch.properties";
  static final String JNI = "jnilib/pytorch.properties";

  private final ClassLoader loader;

  BundledNatives(ClassLoader loader) {
    this.loader = loader;
  }

  /** {@return the contents of all resources of a name; those that can be read} */
  List<Properties> propertiesOf(String resource) {
    List<Properties> all = new ArrayList<>();
    try {
      for (URL url : Collections.list(loader.getResources(resource))) {
        Properties properties = new Properties();
        try (InputStream in = url.openStream()) {
          properties.load(in);
        }
        all.add(properties);
      }
    } catch (IOException | IllegalArgumentException e) {
      return all;
    }
    return all;
  }

  /** A folder of the cache, and the properties of the natives that are unpacked there. */
  record Unpacked(Path folder, Properties natives) {}

  /** {@return the natives of the class path that are in the cache} */
  List<Unpacked> unpacked(Path cache) {
    return propertiesOf(NATIVES).stream()
        .map(natives -> new Unpacked(cache.resolve(folderName(natives)), natives))
        .filter(version -> Files.isDirectory(version.folder()))
        .toList();
  }

  private static String folderName(Properties natives) {
    String flavor = natives.getProperty("flavor", "");
    boolean isOldAbi =
        natives.getProperty("libraries", "").contains("libstdc++.so.6")
            && !flavor.endsWith("-precxx11");
    return natives.getProperty("version")
        + "-"
        + flavor
        + (isOldAbi ? "-precxx11" : "")
        + "-"
        + natives.getProperty("classifier");
  }

  /**
   * {@return the library that has another length than in its jar, and both lengths, or nothing}
   *
   * @throws IOException if the file system fails
   */
  Optional<String> damage(Unpacked version) throws IOException {
    for (Map.Entry<String, String> library : libraries(version.natives()).entrySet()) {
      Path file = version.folder().resolve(library.getKey());
      long expected = length(library.getValue());
      if (expected >= 0 && Files.exists(file) && Files.size(file) != expected) {
        return Optional.of(
            file + " has " + Files.size(file) + " bytes, but " + expected + " in its jar");
      }
    }
    return Optional.empty();
  }

  /** {@return the entry in a jar of each file} */
  private Map<String, String> libraries(Properties natives) {
    String platform = natives.getProperty("flavor") + "/" + natives.getProperty("classifier");
    Map<String, String> entries = new LinkedHashMap<>();
    for (String library : natives.getProperty("libraries", "").split(",", -1)) {
      entries.put(library, "pytorch/" + platform + "/" + library);
    }
    String jni = System.mapLibraryName("djl_torch");
    String entry =
        "jnilib/" + natives.getProperty("classifier") + "/" + natives.getProperty("flavor");
    for (Properties engine : propertiesOf(ENGINE)) {
      entries.put(engine.getProperty("djl_version") + "-" + jni, entry + "/" + jni);
    }
    return entries;
  }

  /** {@return the uncompressed length of an entry, or -1 if it is not known} */
  private long length(String entry) throws IOException {
    URL url = loader.getResource(entry);
    return url == null ? -1 : url.openConnection().getContentLengthLong();
  }
}
