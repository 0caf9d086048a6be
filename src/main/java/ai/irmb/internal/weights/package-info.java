/** State dicts: named tensors, independent of the file format. */
@NullMarked
package ai.irmb.internal.weights;

import org.jspecify.annotations.NullMarked;
