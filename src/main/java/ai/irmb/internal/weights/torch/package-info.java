/**
 * A reader of files that {@code torch.save} wrote.
 *
 * <table>
 * <caption>The zip format, torch 1.6 and later; NAME is any folder</caption>
 * <tr><th>entry</th><th>meaning</th><th>class</th></tr>
 * <tr><td>end records, directory, local headers</td><td>offset of each entry; they must agree</td><td>{@code ZipDirectory}, {@code ZipArchive}</td></tr>
 * <tr><td>{@code NAME/data.pkl}</td><td>the object, tensors as references to storages</td><td>{@link
 *     ai.irmb.internal.weights.pickle.PickleReader}</td></tr>
 * <tr><td>{@code NAME/data/KEY}</td><td>the elements of one storage</td><td>{@code
 *     ZipStorages}</td></tr>
 * <tr><td>{@code NAME/byteorder}</td><td>{@code little} or {@code big}; little when
 *     absent</td><td>{@code ZipStorages}</td></tr>
 * <tr><td>{@code NAME/version}, others</td><td>not used</td><td></td></tr>
 * </table>
 *
 * <table>
 * <caption>The legacy format, before torch 1.6: five pickles, then storages</caption>
 * <tr><th>part</th><th>meaning</th><th>class</th></tr>
 * <tr><td>pickles 1 to 3</td><td>magic number, protocol 1001, system</td><td>{@code
 *     LegacyFormat}</td></tr>
 * <tr><td>pickle 4</td><td>the object</td><td>{@code LegacyFormat}</td></tr>
 * <tr><td>pickle 5</td><td>keys of the storages, in the order in which they follow</td><td>{@code
 *     LegacyFormat}</td></tr>
 * <tr><td>per storage</td><td>count of elements (8 bytes), then the elements, both
 *     little-endian</td><td>{@code LegacyFormat}</td></tr>
 * </table>
 *
 * <p>In both, a tensor is a call of {@code torch._utils._rebuild_tensor_v2} with storage, offset,
 * sizes and strides: a {@code TensorDescriptor}, whose elements {@code TensorReader} reads.
 */
@NullMarked
package ai.irmb.internal.weights.torch;

import org.jspecify.annotations.NullMarked;
