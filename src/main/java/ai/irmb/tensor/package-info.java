/** Shapes, element types and arrays in ordinary memory: values that need no engine. */
@NullMarked
package ai.irmb.tensor;

import org.jspecify.annotations.NullMarked;
