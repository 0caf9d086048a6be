/** Text of untrusted files: numbers and paths, recognized in linear time. */
@NullMarked
package ai.irmb.internal.text;

import org.jspecify.annotations.NullMarked;
