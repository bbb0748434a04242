// Exit codes of every command (README, "Exit codes").
#ifndef BORDERFLOW_TOOLS_COMMAND_EXIT_CODES_H_
#define BORDERFLOW_TOOLS_COMMAND_EXIT_CODES_H_

namespace borderflow {

inline constexpr int kExitDone = 0;
inline constexpr int kExitDamaged = 1;  // a capture is damaged; everything readable was counted
inline constexpr int kExitUsage = 2;    // usage or configuration error, or nothing readable
inline constexpr int kExitRuntime = 3;  // a failure while running, such as a full disk

}  // namespace borderflow

#endif  // BORDERFLOW_TOOLS_COMMAND_EXIT_CODES_H_
