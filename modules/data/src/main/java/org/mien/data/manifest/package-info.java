/**
 * What a data set holds: samples with their identity, what could not be used, and when two names
 * mean one person.
 */
package org.mien.data.manifest;
