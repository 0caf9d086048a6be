package ai.irmb.internal.engine;

import ai.djl.util.Utils;
import ai.irmb.error.InferenceException;
import ai.irmb.internal.platform.Platform;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The machine's own PyTorch, such as pip's, which the environment variable {@code
 * PYTORCH_LIBRARY_PATH} names. DJL would guess its version and flavor; they are read from the
 * folder instead, and checked against the JNI libraries on the class path before anything is
 * loaded.
 */
final class InstalledPyTorch {
  static final String FOLDER = "PYTORCH_LIBRARY_PATH";
  private static final String JNI_LIBRARY = System.mapLibraryName("djl_torch");

  /** The version, and the CUDA that it was built for, as in {@code 2.7.1+cu128}. */
  private static final Pattern VERSION =
      Pattern.compile("([0-9]+\\.[0-9]+\\.[0-9]+)(?:\\+([a-z0-9]+))?");

  private final Path folder;
  private final ClassLoader loader;

  private InstalledPyTorch(Path folder, ClassLoader loader) {
    this.folder = folder;
    this.loader = loader;
  }

  /** {@return whether the variable is set} */
  static boolean isConfigured() {
    String value = Utils.getEnvOrSystemProperty(FOLDER);
    return value != null && !value.isEmpty();
  }

  /**
   * Tells DJL the version and the flavor of the libraries, unless the application does. Nothing is
   * done if the variable is not set.
   *
   * @param loader finds the JNI libraries
   * @throws InferenceException if there are no such libraries, or no JNI library fits
   */
  static void prepare(ClassLoader loader) {
    if (isConfigured()) {
      new InstalledPyTorch(Path.of(Utils.getEnvOrSystemProperty(FOLDER)), loader).prepare();
    }
  }

  private void prepare() {
    if (!Files.exists(library("torch"))) {
      throw new InferenceException(
          problem("there is no " + System.mapLibraryName("torch"))
              + "; set it to the folder with the libraries of PyTorch, which pip calls torch/lib");
    }
    String version = configured("PYTORCH_VERSION");
    String flavor = configured("PYTORCH_FLAVOR");
    Matcher found = VERSION.matcher(version == null ? versionText() : version);
    if (!found.lookingAt()) {
      throw new InferenceException(
          problem("the version of this PyTorch is not known")
              + "; set the environment variable PYTORCH_VERSION, such as 2.7.1");
    }
    if (flavor == null) {
      flavor = flavor(found.group(2));
    }
    requireJni(found.group(1), flavor);
    EngineProperties.presetPyTorch(found.group(1), flavor);
  }

  private static @Nullable String configured(String property) {
    String value = Utils.getEnvOrSystemProperty(property);
    return value == null || value.isEmpty() ? null : value;
  }

  private Path library(String name) {
    return folder.resolve(System.mapLibraryName(name));
  }

  /** {@return what pip's package or the archive of libtorch says of itself; empty if nothing} */
  private String versionText() {
    try {
      // The folder may hold links to libraries elsewhere.
      Path libraries = library("torch").toRealPath().getParent();
      Path top = libraries == null ? null : libraries.getParent();
      if (top == null) {
        return "";
      }
      for (String name : List.of("build-version", "version.py")) {
        Path file = top.resolve(name);
        if (Files.isRegularFile(file)) {
          String text = Files.readString(file, StandardCharsets.ISO_8859_1);
          Matcher version = VERSION.matcher(text);
          if (version.find()) {
            return version.group();
          }
        }
      }
      return "";
    } catch (IOException e) {
      return "";
    }
  }

  /**
   * {@return {@code cu128}, {@code cpu}, or {@code cpu-precxx11}}
   *
   * @param build what follows the version, or null
   */
  private String flavor(@Nullable String build) {
    String device = "cpu";
    if (Files.exists(library("torch_cuda"))) {
      if (build == null || !build.startsWith("cu")) {
        throw new InferenceException(
            problem("this PyTorch is for CUDA, but of which version is not known")
                + "; set the environment variable PYTORCH_FLAVOR, such as cu128");
      }
      device = build;
    }
    return Platform.isLinux() && !hasNewStrings() ? device + "-precxx11" : device;
  }

  /** {@return whether the libraries were compiled with C++11's strings; GCC also has older ones} */
  private boolean hasNewStrings() {
    try {
      String names = Files.readString(library("c10"), StandardCharsets.ISO_8859_1);
      return names.contains("NSt7__cxx1112basic_string");
    } catch (IOException e) {
      return true;
    }
  }

  private void requireJni(String version, String flavor) {
    BundledNatives bundled = new BundledNatives(loader);
    TreeSet<String> versions = new TreeSet<>();
    bundled
        .propertiesOf(BundledNatives.JNI)
        .forEach(jni -> versions.add(jni.getProperty("jni_version", "")));
    if (versions.stream().noneMatch(each -> each.startsWith(version + "-"))) {
      throw new InferenceException(
          problem("this is PyTorch " + version + " (" + flavor + ")")
              + ", but the class path has "
              + (versions.isEmpty() ? "no pytorch-jni" : "pytorch-jni " + versions.last())
              + "; add ai.djl.pytorch:pytorch-jni of version "
              + version
              + " and the DJL that it names ("
              + EngineVersions.get().pairs()
              + ")");
    }
    String entry = "jnilib/" + Platform.classifier() + "/" + flavor + "/" + JNI_LIBRARY;
    if (loader.getResource(entry) == null && !Files.exists(folder.resolve(JNI_LIBRARY))) {
      throw new InferenceException(
          problem("this is PyTorch " + version + " (" + flavor + ")")
              + ", but pytorch-jni "
              + versions.last()
              + " has no library for "
              + flavor
              + " on "
              + Platform.classifier()
              + "; install PyTorch in a flavor that it has (docs/cuda.md has the table)");
    }
  }

  private String problem(String found) {
    return FOLDER + " is " + folder + ": " + found;
  }
}
