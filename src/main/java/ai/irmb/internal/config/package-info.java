/**
 * A model YAML as a typed specification, with upstream's {@code parse_model} meaning.
 *
 * <table>
 * <caption>Keys of the file</caption>
 * <tr><th>key</th><th>meaning</th><th>default</th></tr>
 * <tr><td>{@code nc}</td><td>number of classes</td><td>needed</td></tr>
 * <tr><td>{@code depth_multiple}</td><td>repeats become max(round(n · d), 1)</td><td>1</td></tr>
 * <tr><td>{@code width_multiple}</td><td>channels become the next multiple of 8 of c · w</td><td>1</td></tr>
 * <tr><td>{@code anchors}</td><td>rows of w, h, w, h, … in pixels, or how many a level has</td><td>needed</td></tr>
 * <tr><td>{@code backbone}, {@code head}</td><td>rows of [from, number, module, arguments]</td><td>needed</td></tr>
 * <tr><td>{@code activation}</td><td>of every Conv, such as {@code nn.ReLU()}</td><td>SiLU</td></tr>
 * <tr><td>{@code ch}</td><td>channels of the image</td><td>3</td></tr>
 * <tr><td>{@code bottleneck}</td><td>this project's own key: {@code standard} for upstream's, {@code irmb}
 *     for the document's, which has an iRMB inside</td><td>as the weights say</td></tr>
 * </table>
 */
@NullMarked
package ai.irmb.internal.config;

import org.jspecify.annotations.NullMarked;
