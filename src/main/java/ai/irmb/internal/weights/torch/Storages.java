package ai.irmb.internal.weights.torch;

import java.nio.ByteBuffer;

/** The storages of a file, by key. */
interface Storages {
  /**
   * Compares the declaration in the pickle with the storage in the file.
   *
   * @param label the tensor and its storage, for error messages
   * @throws ai.irmb.error.WeightsException if the storage is missing or of another size
   */
  void check(StorageId id, String label);

  /**
   * {@return the bytes of a storage that {@link #check} accepted}
   *
   * @throws ai.irmb.error.WeightsException if they are damaged
   */
  ByteBuffer bytes(StorageId id, String label);

  /** {@return whether the most significant byte of an element comes first} */
  boolean isBigEndian();
}
