package ai.irmb.internal.checkpoint;

import static java.util.Objects.requireNonNull;

import ai.irmb.error.WeightsException;
import ai.irmb.internal.weights.StoragePrecision;
import ai.irmb.internal.weights.safetensors.SafetensorsFile;
import ai.irmb.internal.weights.safetensors.SafetensorsWriter;
import java.nio.file.Path;

/** Writes a checkpoint as a safetensors file, from which {@link CheckpointReader} gets it back. */
public final class CheckpointWriter {
  private CheckpointWriter() {}

  /**
   * Writes all that the checkpoint says: weights, structure, YAML, names, strides, anchors.
   *
   * <p>The file is written beside the target and renamed when complete; after an error the target
   * is as it was. The same checkpoint gives the same bytes.
   *
   * @param checkpoint what to write; its own file may be the target
   * @param target the file to write, replaced if it exists
   * @param precision what becomes of floating-point weights
   * @throws WeightsException if the file system fails, or a number is too large for the precision
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
