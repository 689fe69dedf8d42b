/**
 * How long work says how far it has come. Whoever works is given a factory and never prints; what
 * is shown, and where, is the caller's choice.
 */
package org.mien.core.progress;
