package ai.irmb.internal.checkpoint;

import static java.util.Objects.requireNonNull;

import ai.irmb.error.WeightsException;
import ai.irmb.internal.weights.StoragePrecision;
import ai.irmb.internal.weights.safetensors.SafetensorsFile;
import ai.irmb.internal.weights.safetensors.SafetensorsWriter;
import java.nio.file.Path;

/** Writes a checkpoint as a safetensors file that {@link CheckpointReader} reads back unchanged. */
public final class CheckpointWriter {
  private CheckpointWriter() {}

  /**
   * Writes weights, structure, YAML, names, strides and anchors.
   *
   * <p>The file is written under a temporary name and renamed when complete; after an error the
   * target is unchanged. Equal checkpoints give equal bytes.
   *
   * @param checkpoint the checkpoint; its own file may be the target
   * @param target the file to write, replaced if it exists
   * @param precision type to store floating-point weights in
   * @throws WeightsException if the file system fails, or a value overflows the precision
   */
  public static void write(Checkpoint checkpoint, Path target, StoragePrecision precision) {
    requireNonNull(checkpoint, "checkpoint");
    requireNonNull(target, "target");
    requireNonNull(precision, "precision");
    SafetensorsFile content =
        new SafetensorsFile(CheckpointMetadata.of(checkpoint), checkpoint.weights().tensors());
    SafetensorsWriter.write(target, content, precision);
  }
}
