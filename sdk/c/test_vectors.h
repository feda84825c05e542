// Vectors for the C interface's tests: one ES256 key and two tokens of it, issued at kIssuedAt for 900 seconds.
#ifndef RESCIND_SDK_C_TEST_VECTORS_H_
#define RESCIND_SDK_C_TEST_VECTORS_H_

#include <stdint.h>

static const int64_t kIssuedAt = 1700000000;
static const int64_t kExpiresAt = 1700000900;

static const char kJwks[] =
    "{\"keys\":[{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"pdHIMBuAFwSFuItkwPh9JuP0vfMN99mwyMBArIoO8Po\",\"y\":\"4yuwU"
    "_VXl6kDiWgfgM_oCd0ZmwvKg743a5sZFFaGwrM\",\"alg\":\"ES256\",\"kid\":\"key-1\"}]}";

// {"amr":["pwd"],"aud":["api","web"],"auth_time":1699999000,"client_id":"client-1","exp":1700000900,"iat":1700000000,
//  "iss":"https://issuer.example","jti":"token-1","roles":["admin","editor"],"scope":"read write","sid":"session-1",
//  "sub":"user-1","tv":3}
static const char kFullToken[] =
    "eyJhbGciOiJFUzI1NiIsInR5cCI6ImF0K2p3dCIsImtpZCI6ImtleS0xIn0.eyJhbXIiOlsicHdkIl0sImF1ZCI6WyJhcGkiLCJ3ZWIiXSwiYXV0"
    "aF90aW1lIjoxNjk5OTk5MDAwLCJjbGllbnRfaWQiOiJjbGllbnQtMSIsImV4cCI6MTcwMDAwMDkwMCwiaWF0IjoxNzAwMDAwMDAwLCJpc3MiOiJo"
    "dHRwczovL2lzc3Vlci5leGFtcGxlIiwianRpIjoidG9rZW4tMSIsInJvbGVzIjpbImFkbWluIiwiZWRpdG9yIl0sInNjb3BlIjoicmVhZCB3cml0"
    "ZSIsInNpZCI6InNlc3Npb24tMSIsInN1YiI6InVzZXItMSIsInR2IjozfQ.1SxllGLw99ju0QeRTY5oZDJ_8tsj5vrrfslMMD0HKEkcR4ntb66LN"
    "ehwZkxCPhHiWX6K5ng4LcFNn9Nn6adOng";

// {"aud":"api","exp":1700000900,"iat":1700000000,"iss":"https://issuer.example","jti":"token-2","sub":"admin\u0000x"}
static const char kBareToken[] =
    "eyJhbGciOiJFUzI1NiIsInR5cCI6ImF0K2p3dCIsImtpZCI6ImtleS0xIn0.eyJhdWQiOiJhcGkiLCJleHAiOjE3MDAwMDA5MDAsImlhdCI6MTcw"
    "MDAwMDAwMCwiaXNzIjoiaHR0cHM6Ly9pc3N1ZXIuZXhhbXBsZSIsImp0aSI6InRva2VuLTIiLCJzdWIiOiJhZG1pblx1MDAwMHgifQ.Mxd4vxaEN"
    "4mUyN-EBMEE7AqIsTYCXClq7nY3UMsVMjEAsCw_EiEJG9brrteOKx9mdb8qILHN1-vBNO6R43Wcdw";

#endif  // RESCIND_SDK_C_TEST_VECTORS_H_
