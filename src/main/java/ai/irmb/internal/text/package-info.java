/**
 * Text of untrusted files, recognized in linear time: numbers and paths. Text for people and
 * tables.
 */
@NullMarked
package ai.irmb.internal.text;

import org.jspecify.annotations.NullMarked;
