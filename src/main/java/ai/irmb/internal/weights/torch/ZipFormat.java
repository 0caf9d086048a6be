package ai.irmb.internal.weights.torch;

import ai.irmb.internal.error.Quoting;
import ai.irmb.internal.limit.LimitMessages;
import ai.irmb.internal.limit.MemoryBudget;
import ai.irmb.internal.weights.WeightFile;
import ai.irmb.internal.weights.pickle.PickleReader;
import ai.irmb.internal.weights.pickle.PickleValue;
import ai.irmb.limit.Limit;
import ai.irmb.limit.Limits;
import java.nio.ByteBuffer;
import java.util.List;

/** Reads the zip format of torch 1.6 and later. */
final class ZipFormat {
  private static final byte[] LOCAL_HEADER = {'P', 'K', 3, 4};
  private static final String PICKLE = "data.pkl";

  private ZipFormat() {}

  static boolean matches(WeightFile file) {
    return file.startsWith(LOCAL_HEADER);
  }

  static TorchFile read(WeightFile file, Limits limits) {
    MemoryBudget budget = new MemoryBudget(file.size());
    ZipArchive archive = ZipArchive.open(file, limits, budget);
    String folder = folder(archive);
    long size = archive.size(folder + PICKLE);
    if (size > limits.get(Limit.PICKLE_BYTES)) {
      throw archive.error(
          PICKLE
              + ": "
              + size
              + " bytes are more than "
              + LimitMessages.limit(limits, Limit.PICKLE_BYTES));
    }
    ZipStorages storages = new ZipStorages(archive, folder);
    ByteBuffer pickle = archive.content(folder + PICKLE, PICKLE);
    PickleReader reader =
        new PickleReader(
            pickle,
            file.name() + ": " + PICKLE,
            0,
            limits,
            budget,
            external -> StorageId.ofZip(external) == null ? null : external);
    PickleValue root = reader.read();
    if (reader.position() != size) {
      throw archive.error(
          PICKLE + ", byte " + reader.position() + ": bytes follow the end of the pickle");
    }
    TensorReader tensors =
        new TensorReader(file.name(), storages, StorageId::ofZip, limits, budget);
    return new TorchFile(root, tensors, reader.recordedCalls(), budget);
  }

  /** {@return the only folder with a data.pkl, including the slash} */
  private static String folder(ZipArchive archive) {
    List<String> pickles =
        archive.names().stream()
            .filter(name -> name.endsWith("/" + PICKLE))
            .filter(name -> name.indexOf('/') == name.length() - PICKLE.length() - 1)
            .toList();
    if (pickles.size() > 1) {
      throw archive.error(
          "two entries are named data.pkl, "
              + Quoting.quote(pickles.get(0))
              + " and "
              + Quoting.quote(pickles.get(1))
              + ": the archive is ambiguous");
    }
    if (pickles.isEmpty() && archive.names().stream().anyMatch(ZipFormat::isOfTorchExport)) {
      throw archive.error(
          "this is a program of torch.export (.pt2), not a checkpoint; give the .pt file that"
              + " train.py wrote, from which it was exported");
    }
    if (pickles.isEmpty()) {
      throw archive.error(
          "this is a zip archive without a data.pkl, "
              + describeArchive(archive)
              + "; a checkpoint that torch.save wrote is expected");
    }
    String folder = pickles.get(0).substring(0, pickles.get(0).length() - PICKLE.length());
    if (archive.size(folder + "constants.pkl") >= 0
        || archive.names().stream().anyMatch(name -> name.startsWith(folder + "code/"))) {
      throw archive.error(
          "this is a TorchScript archive, not a checkpoint; give the .pt file that train.py wrote,"
              + " from which it was exported");
    }
    return folder;
  }

  /** Matches the entries that {@code torch.export.save} and AOTInductor packages have. */
  private static boolean isOfTorchExport(String name) {
    return name.equals("serialized_exported_program.json")
        || name.endsWith("/serialized_exported_program.json")
        || name.endsWith("archive_format")
        || name.contains("data/aotinductor/")
        || (name.contains("models/") && name.endsWith(".json"));
  }

  private static String describeArchive(ZipArchive archive) {
    List<String> names = archive.names();
    if (names.stream().anyMatch(name -> name.contains("/code/"))) {
      return "an old TorchScript archive";
    }
    if (names.stream().anyMatch(name -> name.endsWith(".npy"))) {
      return "a NumPy .npz file";
    }
    if (names.stream().anyMatch(name -> name.endsWith(".mlmodel"))) {
      return "a Core ML package";
    }
    if (names.stream().anyMatch(name -> name.endsWith(".weights.h5"))) {
      return "a Keras model";
    }
    if (names.stream().anyMatch(name -> name.endsWith(".pt"))) {
      return "perhaps one with the checkpoint inside: unpack it first";
    }
    return "so not a checkpoint";
  }
}
