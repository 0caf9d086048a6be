package ai.irmb.internal.weights.torch;

import java.nio.ByteBuffer;

/** Where the elements of storages lie. */
interface Storages {
  /**
   * Compares what the pickle declares with what the container has.
   *
   * @param label the tensor at hand and its storage, for errors
   * @throws ai.irmb.error.WeightsException if the storage is missing or of another size
   */
  void check(StorageId id, String label);

  /**
   * {@return the bytes of a storage that was checked}
   *
   * @throws ai.irmb.error.WeightsException if they are damaged
   */
  ByteBuffer bytes(StorageId id, String label);

  /** {@return whether the most significant byte of an element comes first} */
  boolean isBigEndian();
}
