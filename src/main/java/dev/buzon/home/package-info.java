/** Where things lie, and how they are set: the home's folders, its lock, the configuration. */
package dev.buzon.home;
