/**
 * The safetensors format: tensors and text metadata in one file.
 *
 * <table>
 * <caption>The file</caption>
 * <tr><th>bytes</th><th>meaning</th><th>class</th></tr>
 * <tr><td>0 to 7</td><td>length of the header, little-endian</td><td>{@code
 *     SafetensorsReader}</td></tr>
 * <tr><td>the header</td><td>JSON: for each tensor its {@code dtype}, {@code shape} and {@code
 *     data_offsets}; {@code __metadata__} with text values; then spaces</td><td>{@code
 *     SafetensorsHeader}</td></tr>
 * <tr><td>the rest</td><td>the tensors' elements, row-major and little-endian, without gaps or overlaps</td><td>{@code SafetensorsReader}</td></tr>
 * </table>
 *
 * <p>{@link ai.irmb.internal.weights.safetensors.SafetensorsWriter} writes the same format.
 */
@NullMarked
package ai.irmb.internal.weights.safetensors;

import org.jspecify.annotations.NullMarked;
